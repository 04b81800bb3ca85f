/** `new-token`: a token that nobody guesses, and what a file of tokens says of it. */
import { randomBytes } from "node:crypto";
import { parseTokens, TokensError } from "vite-plugin-matrix-gateway/server";
import { UsageError } from "../errors.ts";
import type { Kind } from "../kinds/kind.ts";
import { toggle } from "../kinds/words.ts";
import type { Setting } from "../setting.ts";
import { Subcommand } from "../subcommand.ts";
import { sha256Of } from "./hash-token.ts";

/** What the entry says is checked as the file is. */
const text: Kind<string> = {
	placeholder: "text",
	expected: "a text",
	parse: (given) => given,
};

const list: Kind<readonly string[]> = {
	placeholder: "list",
	expected: "texts separated by commas",
	parse: (given) =>
		given === "" ? [] : given.split(",").map((item) => item.trim()),
};

const SETTINGS = {
	name: {
		flag: "name",
		kind: text,
		variable: false,
		help: "Who it is for, as it stands in logs; without it the first digits of the SHA-256.",
	},
	agents: {
		flag: "agents",
		kind: list,
		variable: false,
		help: "The only agentIds that it may register and speak for, such as timmy,scout-*.",
	},
	roles: {
		flag: "roles",
		kind: list,
		variable: false,
		help: "The only roles that it may register.",
	},
	worlds: {
		flag: "worlds",
		kind: list,
		variable: false,
		help: "The only worlds that it may enter.",
	},
	publish: {
		flag: "publish",
		kind: list,
		variable: false,
		help: "The only types of messages that it may send; --publish= is for who only reads.",
	},
	subscribe: {
		flag: "subscribe",
		kind: list,
		variable: false,
		help: "The only types of messages that it is sent.",
	},
	retain: {
		flag: "retain",
		kind: toggle,
		variable: false,
		defaultText: "on",
		help: "Whether it may have messages retained, and clear them.",
	},
	expires: {
		flag: "expires",
		kind: text,
		variable: false,
		help: "When it ends, such as 2027-01-31 or 2027-01-31T12:00:00Z.",
	},
	operate: {
		flag: "operate",
		kind: toggle,
		variable: false,
		help: "Lets it end connections and revoke tokens, and use the console.",
	},
	metrics: {
		flag: "metrics",
		kind: toggle,
		variable: false,
		help: "Lets it read the metrics.",
	},
	overhear: {
		flag: "overhear",
		kind: toggle,
		variable: false,
		help: "Lets it read, in the console, what is said to one agent alone.",
	},
} as const satisfies Record<string, Setting>;

export function createNewToken(): Subcommand {
	const newToken = new Subcommand("new-token")
		.summary("Make a token, and its entry for --tokens.")
		.description(
			"Prints a new token of 32 random bytes, and on the next line its entry for the file of --tokens, which does not hold the token.",
		)
		.addSettings(SETTINGS);
	return newToken.action(() => {
		const token = randomBytes(32).toString("base64url");
		const sha256 = sha256Of(token);
		const name = sha256.slice(0, 8);
		const entry = { name, sha256, ...newToken.readSettings() };
		checkEntry(entry);
		process.stdout.write(`${token}\n${JSON.stringify(entry)}\n`);
	});
}

/** @throws UsageError that names the flag. */
function checkEntry(entry: object): void {
	try {
		parseTokens(JSON.stringify([entry]));
	} catch (error) {
		if (!(error instanceof TokensError)) throw error;
		// It was one line, and one entry.
		const fault = error.message.replace(/^[^:]*: /, "");
		throw new UsageError(fault.replace(/^`(\w+)`/, "--$1"));
	}
}
