import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { basename } from "node:path";
import { promisify } from "node:util";
import { here } from "./here.mjs";

/**
 * Compiles one C file with the system's compiler.
 * @param {string} source
 * @param {string[]} [flags] what it is compiled and linked with
 * @returns {Promise<string>} the program's path
 */
export async function compile(source, flags = []) {
	const program = here("node_modules/.bench", basename(source, ".c"));
	await mkdir(here("node_modules/.bench"), { recursive: true });
	try {
		const args = ["-O2", "-o", program, here(source), ...flags];
		await promisify(execFile)("cc", args);
	} catch (error) {
		const { code, stderr } =
			/** @type {{ code?: unknown, stderr?: string }} */ (error);
		throw new Error(code === "ENOENT" ? "no C compiler (cc)" : `cc: ${stderr}`);
	}
	return program;
}
