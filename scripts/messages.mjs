/**
 * Writes what is made of the messages in `vite-plugin-matrix-gateway/src/messages`: the types of
 * TypeScript and Python, and the files of JSON Schema. A test fails where they are not up to date.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runnerImport } from "vite";

const PACKAGE = join(import.meta.dirname, "../vite-plugin-matrix-gateway");

const { module } = await runnerImport(
	join(import.meta.dirname, "messages/generated.ts"),
);

// So that what is not documented any more goes.
rmSync(join(PACKAGE, "schemas"), { recursive: true, force: true });
for (const [file, text] of module.generated()) {
	mkdirSync(dirname(join(PACKAGE, file)), { recursive: true });
	writeFileSync(join(PACKAGE, file), text);
}
