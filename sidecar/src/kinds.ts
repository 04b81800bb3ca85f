/** The kinds of values that a setting may have. */
import { existsSync, type Stats, statSync } from "node:fs";
import { isIP } from "node:net";
import { resolve } from "node:path";
import {
	isHttpUrl,
	isPathAsSent,
	isProxyAddress,
	isRedisPrefix,
	isRedisUrl,
	isWorldName,
	parseHost,
	parseOrigin,
	WORLD_FORM,
} from "vite-plugin-matrix-gateway/server";

/** How text, from a flag or from the environment, becomes a value. */
export interface Kind<Value> {
	/** Stands for the value in the help; a kind without one is a switch. */
	readonly placeholder?: string;
	/** What a flag without a value stands for, where it may have none; `--no-` before it is `false`. */
	readonly bare?: string;
	/** Completes the sentence "… is not". */
	readonly expected: string;
	/** Returns undefined for text that is no such value. */
	parse(text: string): Value | undefined;
}

/** A whole number in a range. */
export function wholeNumber(
	minimum: number,
	maximum: number,
	placeholder = "number",
): Kind<number> {
	return {
		placeholder,
		expected: `a whole number from ${minimum} to ${maximum}`,
		parse(text) {
			const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
			return value >= minimum && value <= maximum ? value : undefined;
		},
	};
}

/** A duration. Node's timers fire at once when they are given more than 31 bits. */
export const milliseconds = wholeNumber(0, 2 ** 31 - 1, "ms");

/** A size. 0 would mean "no limit" to ws, and more than 31 bits would overflow there. */
export const bytes = wholeNumber(1, 2 ** 31 - 1, "bytes");

/** How many there may be. */
export const count = wholeNumber(0, 2 ** 31 - 1);

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

/** A name or an address to listen on. */
export const host: Kind<string> = {
	placeholder: "host",
	expected: "a host name or an IP address",
	parse(text) {
		const bare = text.replace(/^\[(.+)\]$/, "$1");
		return isIP(bare) || HOST_NAME.test(bare) ? bare : undefined;
	},
};

/** A host name, with a leading dot for all of its subdomains, by the same rule as that of `attach`. */
export const hostPattern: Kind<string> = {
	placeholder: "host",
	expected:
		"a host name such as matrix.example or .matrix.example, without a scheme or a port",
	parse: parseHost,
};

/** A path as requests send it, by the same rule as that of `attach`. */
export const path: Kind<string> = {
	placeholder: "path",
	expected: "a path such as /ws/matrix, percent-encoded and without a query",
	parse: (text) => (isPathAsSent(text) ? text : undefined),
};

/** A path that others are below; the slash at its end may be left out. */
export const base: Kind<string> = {
	placeholder: "path",
	expected: "a path such as /matrix/, percent-encoded and without a query",
	parse: (text) => (isPathAsSent(text) ? text.replace(/\/?$/, "/") : undefined),
};

/** Text that each of the three places of a token can carry [CON2]. */
export const token: Kind<string> = {
	placeholder: "token",
	expected: "one or more printable ASCII characters without spaces",
	parse: (text) => (/^[\x21-\x7e]+$/.test(text) ? text : undefined),
};

/** Proxies by their addresses, by the same rule as that of `attach`; or a switch. */
export const trustedProxies: Kind<boolean | readonly string[]> = {
	placeholder: "addresses",
	bare: "true",
	expected:
		"true, false, or IP addresses and networks such as 10.0.0.0/8, separated by commas",
	parse(text) {
		const position = SWITCH_POSITIONS.get(text);
		if (position !== undefined) return position;
		const addresses = text.split(",").map((address) => address.trim());
		return addresses.every(isProxyAddress) ? addresses : undefined;
	},
};

/** Where keys are fetched from, by the same rule as that of `attach`. */
export const httpUrl: Kind<string> = {
	placeholder: "url",
	expected: "a URL, http: or https:",
	parse: (text) => (isHttpUrl(text) ? text : undefined),
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

/** At least one. */
export const oneOrMore = wholeNumber(1, 2 ** 31 - 1);

/** An origin as browsers write it, by the same rule as that of `attach`. */
export const origin: Kind<string> = {
	placeholder: "origin",
	expected:
		"an origin such as https://matrix.example, with a scheme and without a path, or *",
	parse: parseOrigin,
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

/** Where a Redis is, by the same rule as that of `createGateway`. */
export const redisUrl: Kind<string> = {
	placeholder: "url",
	expected: "a URL such as redis://localhost:6379, or rediss: for TLS",
	parse: (text) => (isRedisUrl(text) ? text : undefined),
};

/** What the names of keys begin with, by the same rule. */
export const redisPrefix: Kind<string> = {
	placeholder: "text",
	expected: "of 1 to 64 characters, none of which is a brace or blank",
	parse: (text) => (isRedisPrefix(text) ? text : undefined),
};

/** A folder that exists. */
export const directory: Kind<string> = {
	placeholder: "dir",
	expected: "a directory",
	parse: (text) => (text && isDirectory(text) ? resolve(text) : undefined),
};

/** A file that is there. */
export const file: Kind<string> = {
	placeholder: "file",
	expected: "a file",
	parse: (text) => (text && isFile(text) ? resolve(text) : undefined),
};

/** A folder that may yet have to be made. */
export const folder: Kind<string> = {
	placeholder: "dir",
	expected: "a directory, nor a path at which one could be made",
	parse: (text) =>
		text && (!existsSync(text) || isDirectory(text))
			? resolve(text)
			: undefined,
};

/** A file, which is read by whom it is for; what is wrong with it is told there. */
export const filePath: Kind<string> = {
	placeholder: "file",
	expected: "the path of a file",
	parse: (text) => (text && !isDirectory(text) ? resolve(text) : undefined),
};

const SWITCH_POSITIONS: ReadonlyMap<string, boolean> = new Map([
	["true", true],
	["1", true],
	["false", false],
	["0", false],
]);

const HOST_NAME = /^[a-z\d_](?:[a-z\d_.-]*[a-z\d_])?$/i;

function isFile(path: string): boolean {
	return statOf(path)?.isFile() ?? false;
}

function isDirectory(path: string): boolean {
	return statOf(path)?.isDirectory() ?? false;
}

function statOf(path: string): Stats | undefined {
	try {
		return statSync(path);
	} catch {
		return undefined;
	}
}

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
