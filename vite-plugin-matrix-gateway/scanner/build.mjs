/** Compiles the scanner into a module that holds it as text, so that whoever uses it compiles nothing. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const SOURCE = "scanner.ts";
const OPTIONS = [
	"-O3",
	"--noAssert",
	...["--runtime", "stub"],
	...["--enable", "simd"],
	// Pages of 64 KiB: past the input, and never more, since growing would detach what sockets are read into.
	...["--initialMemory", "2"],
	...["--maximumMemory", "2"],
];

const here = (/** @type {string} */ path) =>
	fileURLToPath(new URL(path, import.meta.url));
const source = readFileSync(here(SOURCE), "utf8");
const { error, binary, stderr } = await compile();
if (error || !binary) {
	process.stderr.write(`${stderr}`);
	process.exit(1);
}
writeFileSync(
	here("../src/node/native/scanner-module.ts"),
	`// Made of scanner/scanner.ts by scanner/build.mjs.

/** SHA-256 of what it was made of. */
export const SOURCE_HASH =
	"${createHash("sha256").update(source).digest("hex")}";

/** The WebAssembly module, in base64. */
export const SCANNER_MODULE =
	"${Buffer.from(binary).toString("base64")}";
`,
);

async function compile() {
	/** @type {Uint8Array | undefined} */
	let binary;
	const result = await asc.main([SOURCE, "--outFile", "out.wasm", ...OPTIONS], {
		readFile: (name) => (name === SOURCE ? source : null),
		writeFile: (_, contents) => {
			binary = /** @type {Uint8Array} */ (contents);
		},
		listFiles: () => [],
	});
	return { ...result, binary };
}
