import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { promisify } from "node:util";
import { here } from "./here.mjs";

/** @type {Promise<string> | undefined} */
let made;

/**
 * A key and a certificate of this run's own, for TLS over loopback.
 * @returns {Promise<string>} the folder of `key.pem` and `cert.pem`
 */
export function certificate() {
	made ??= make();
	return made;
}

async function make() {
	const folder = here("node_modules/.bench/tls");
	await mkdir(folder, { recursive: true });
	const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
	const files = ["-keyout", `${folder}/key.pem`, "-out", `${folder}/cert.pem`];
	const rest = ["-nodes", "-days", "7", "-subj", "/CN=localhost"];
	try {
		const args = ["req", "-x509", ...kind, ...rest, ...files];
		await promisify(execFile)("openssl", args);
	} catch (error) {
		const { code, stderr } =
			/** @type {{ code?: unknown, stderr?: string }} */ (error);
		throw new Error(
			code === "ENOENT" ? "no openssl" : `openssl: ${stderr?.trim()}`,
		);
	}
	return folder;
}
