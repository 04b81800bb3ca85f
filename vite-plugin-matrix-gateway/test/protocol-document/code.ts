/** What the source code says of the protocol. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readReferences } from "./document.ts";

const SOURCE = join(import.meta.dirname, "../../src");

/** Every rule and family that a comment refers to, as `file: ID`. */
export function readCodeReferences(): { where: string; id: string }[] {
	return readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
		.filter((file) => file.endsWith(".ts"))
		.flatMap((where) =>
			readReferences(commentsOf(where)).map((id) => ({ where, id })),
		);
}

/** Comments alone: in code `[KEY]` is no rule. */
function commentsOf(file: string): string {
	return readFileSync(join(SOURCE, file), "utf8")
		.split("\n")
		.filter((line) => /^\s*(?:\/\/|\/?\*)/.test(line))
		.join("\n");
}
