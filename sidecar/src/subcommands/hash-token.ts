/** `hash-token`: what a file of tokens knows a token by. */
import { createHash } from "node:crypto";
import { text } from "node:stream/consumers";
import { UsageError } from "../errors.ts";
import { token } from "../kinds/words.ts";
import { Subcommand } from "../subcommand.ts";

export function createHashToken(
	input: NodeJS.ReadableStream = process.stdin,
): Subcommand {
	const hashToken = new Subcommand("hash-token")
		.summary("Print the SHA-256 of a token, for --tokens.")
		.description(
			"Prints the SHA-256 of a token, for an entry of the file of --tokens. Without the argument it reads the token from standard input: other users of the machine can read a command line.",
		)
		.argument("[token]");
	return hashToken.action(async (given: string | undefined) => {
		// A line's end is not the token's.
		const offered = given ?? (await text(input)).replace(/\r?\n$/, "");
		const read = token.parse(offered);
		if (read === undefined)
			throw new UsageError(`the token is not ${token.expected}`);
		process.stdout.write(`${sha256Of(read)}\n`);
	});
}

/** In hexadecimal, as other programs print it. */
export function sha256Of(token: string): string {
	return createHash("sha256").update(token).digest("hex");
}
