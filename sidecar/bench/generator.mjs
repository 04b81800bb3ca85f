/** The load generator: a C program, since one on Node would be slower than some of the hubs. */
import { certificate } from "./certificate.mjs";
import { compile } from "./compile.mjs";
import { here } from "./here.mjs";

const ZLIB = ["-DWITH_ZLIB", "-lz"];
const TLS = ["-DWITH_TLS", "-lssl", "-lcrypto"];

/**
 * With as much as there is: without zlib only the compressed work is not to be had, without
 * OpenSSL only that over TLS.
 * @returns {Promise<{ command: string[], noTls?: string }>} `noTls` is why there is no TLS
 */
export async function findGenerator() {
	const noTls = await certificate().then(
		() => undefined,
		(error) => String(error.message),
	);
	const attempts = noTls ? [] : [[...ZLIB, ...TLS], TLS];
	for (const flags of attempts) {
		const program = await compileWith(flags).catch(() => undefined);
		if (program) return { command: [program] };
	}
	const why = noTls ?? "no OpenSSL to compile with (libssl-dev)";
	try {
		const program = await compileWith(ZLIB).catch(() => compileWith([]));
		return { command: [program], noTls: why };
	} catch (error) {
		console.log(
			`The load generator runs on Node and may be the bottleneck: ${/** @type {Error} */ (error).message}`,
		);
		return { command: [process.execPath, here("load/load.mjs")], noTls: why };
	}
}

/** @param {string[]} flags */
function compileWith(flags) {
	return compile("load/load.c", [...flags, "-lm"]);
}
