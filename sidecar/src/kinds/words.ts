/** Switches, words, and texts that stand for themselves. */
import {
	isRedisPrefix,
	isWorldName,
	WORLD_FORM,
} from "vite-plugin-matrix-gateway/server";
import type { Kind } from "./kind.ts";

/** A switch: `--flag`, `--no-flag`, and `true`, `false`, `1` or `0` in the environment. */
export const toggle: Kind<boolean> = {
	expected: "true or false",
	parse: (text) => SWITCH_POSITIONS.get(text),
};

/** One of several words. */
export function oneOf<const Word extends string>(
	words: readonly Word[],
): Kind<Word> {
	return {
		placeholder: "word",
		expected: `one of ${words.join(", ")}`,
		parse: (text) => words.find((word) => word === text),
	};
}

/** Text that each of the three places of a token can carry [CON2]. */
export const token: Kind<string> = {
	placeholder: "token",
	expected: "one or more printable ASCII characters without spaces",
	parse: (text) => (/^[\x21-\x7e]+$/.test(text) ? text : undefined),
};

/** What is shared with who signs. */
export const secretText: Kind<string> = {
	placeholder: "text",
	expected: "a text that is not empty",
	parse: (text) => (text === "" ? undefined : text),
};

/** What a JSON Web Token has to say. */
export const claim: Kind<string> = {
	placeholder: "text",
	expected: "a text without blanks",
	parse: (text) => (/^[^\s\p{Cc}]+$/u.test(text) ? text : undefined),
};

/** Names of worlds, or all that anybody asks for, by the same rule as that of `createHub`. */
export const worldNames: Kind<readonly string[] | "*"> = {
	placeholder: "names",
	expected: `* or names of worlds separated by commas, each ${WORLD_FORM}`,
	parse(text) {
		if (text.trim() === "*") return "*";
		const names = text.split(",").map((name) => name.trim());
		return names.every(isWorldName) ? names : undefined;
	},
};

/** What viewers may have routed, as the gateway's option of that name takes it. */
export const viewerTypes: Kind<"all" | "listen" | readonly string[]> = {
	placeholder: "types",
	expected: "all, listen or types separated by commas, such as bark,visitor_*",
	parse(text) {
		if (text === "all" || text === "listen") return text;
		const types = text.split(",").map((type) => type.trim());
		return types.includes("") ? undefined : types;
	},
};

/** What the names of keys begin with, by the same rule. */
export const redisPrefix: Kind<string> = {
	placeholder: "text",
	expected: "of 1 to 64 characters, none of which is a brace or blank",
	parse: (text) => (isRedisPrefix(text) ? text : undefined),
};

const SWITCH_POSITIONS: ReadonlyMap<string, boolean> = new Map([
	["true", true],
	["1", true],
	["false", false],
	["0", false],
]);
