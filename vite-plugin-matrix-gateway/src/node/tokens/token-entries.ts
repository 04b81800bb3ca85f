/** What stands in a file of tokens [AUTH7]. */
import { getNodeValue } from "jsonc-parser";
import type { Grant } from "../../core/protocol/grant.ts";
import { digestOf, isToken } from "../token.ts";
import { type GrantField, NAME, RIGHTS } from "./grant-fields.ts";
import { lineAt, type Node, propertiesOf, readJson } from "./json-text.ts";
import { parseTime } from "./time.ts";

/** What each token of a file allows, by the key that its grant has. */
export type Grants = ReadonlyMap<string, Grant>;

/** A file of tokens is not what it has to be. Its text says where, and holds no token. */
export class TokensError extends Error {
	override readonly name = "TokensError";
}

/**
 * Reads the text of a file of tokens.
 * @throws TokensError that names the line, and the entry by its number and name.
 */
export function parseTokens(text: string): Grants {
	const { root, fault } = readJson(text);
	const entries = listIn(root);
	if (fault) throw faultAt(text, entries, fault.offset, fault.what);
	if (!entries)
		throw faultAt(
			text,
			entries,
			root?.offset ?? 0,
			"it has to be a list of entries, or an object whose only key is `tokens`, with that list",
		);
	const grants = new Map<string, Grant>();
	const numbers = new Map<string, number>();
	for (const [index, node] of entries.entries()) {
		const fail = (what: string, at: Node = node): never => {
			throw faultAt(text, entries, at.offset, what);
		};
		const grant = readEntry(node, fail);
		const { name, key } = grant;
		const ofName = numbers.get(`name ${name}`);
		if (ofName) fail(`its name is that of entry ${ofName}`);
		const ofKey = numbers.get(`key ${key}`);
		if (ofKey) fail(`its token is that of entry ${ofKey}`);
		numbers.set(`name ${name}`, index + 1).set(`key ${key}`, index + 1);
		grants.set(key, grant);
	}
	return grants;
}

/** Ends the reading, with what is wrong and where. */
type Fail = (what: string, at?: Node) => never;

type Entry = Grant & { readonly name: string; readonly key: string };

const DIGEST: GrantField = {
	expected:
		"the SHA-256 of a token, of 64 hexadecimal digits or 43 characters of base64url",
	isRight: (value) => keyOf(value) !== undefined,
};

const FIELDS: Readonly<Record<string, GrantField>> = {
	name: NAME,
	token: {
		expected: "a text that is not empty, and that UTF-8 can carry",
		isRight: (value) => typeof value === "string" && isToken(value),
	},
	sha256: DIGEST,
	...RIGHTS,
	expires: {
		expected:
			"a time in ISO 8601 with its zone, such as 2027-01-31T12:00:00Z, or a day, which begins in UTC",
		isRight: (value) => parseTime(value) !== undefined,
	},
};

function listIn(root: Node | undefined): readonly Node[] | undefined {
	if (root?.type === "array") return root.children ?? [];
	if (root?.type !== "object") return undefined;
	const [first, ...others] = propertiesOf(root);
	if (first?.[0].value !== "tokens" || others.length > 0) return undefined;
	return first[1].type === "array" ? (first[1].children ?? []) : undefined;
}

function readEntry(node: Node, fail: Fail): Entry {
	if (node.type !== "object") fail("an entry has to be an object");
	const values: Record<string, unknown> = {};
	for (const [key, value] of propertiesOf(node)) {
		const name: string = key.value;
		const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
		if (!field) return fail(unknownKey(name), key);
		if (Object.hasOwn(values, name)) fail(`\`${name}\` stands twice`, key);
		values[name] = getNodeValue(value);
		if (!field.isRight(values[name]))
			fail(`\`${name}\` has to be ${field.expected}`, value);
		checkList(name, field, value, fail);
	}
	return toGrant(values, fail);
}

/** What can never match is a mistake of who wrote it, and says nothing of what was meant. */
function checkList(
	name: string,
	{ problemOf }: GrantField,
	{ children = [] }: Node,
	fail: Fail,
): void {
	if (!problemOf) return;
	for (const [index, item] of children.entries()) {
		const problem = problemOf(getNodeValue(item));
		if (problem)
			fail(
				`text ${index + 1} of \`${name}\` can never match: ${problem}`,
				item,
			);
	}
}

function toGrant(values: Readonly<Record<string, unknown>>, fail: Fail): Entry {
	const { name, token, sha256, expires, ...rights } = values;
	if (typeof name !== "string") return fail("`name` is missing");
	if (token !== undefined && sha256 !== undefined)
		fail("it has both `token` and `sha256`: one of them is enough");
	const key = typeof token === "string" ? digestOf(token) : keyOf(sha256);
	if (key === undefined) return fail("`token` or `sha256` is missing");
	const end = parseTime(expires);
	return { name, key, ...rights, ...(end !== undefined && { expires: end }) };
}

/** In the form that grants have; undefined for what is no SHA-256. */
function keyOf(digest: unknown): string | undefined {
	if (typeof digest !== "string") return undefined;
	const isHex = /^[\da-f]{64}$/i.test(digest);
	// Of the last character four bits count.
	if (!isHex && !/^[\w-]{42}[AEIMQUYcgkosw048]=?$/.test(digest))
		return undefined;
	return Buffer.from(digest, isHex ? "hex" : "base64url").toString("base64url");
}

/** What stands in the place of a key may be a token, unless it is nearly a key. */
function unknownKey(name: string): string {
	const near = Object.keys(FIELDS).find((key) => isNear(key, name));
	const keys = Object.keys(FIELDS).join(", ");
	return near
		? `it has a key that is none; did you mean \`${near}\`?`
		: `it has a key that is none of ${keys}`;
}

/** Whether one is the other but for case, one letter, or two that changed places. */
function isNear(key: string, other: string): boolean {
	const [a, b] = [key, other.toLowerCase()];
	let start = 0;
	while (start < a.length && a[start] === b[start]) start++;
	let end = 0;
	while (
		end < a.length - start &&
		end < b.length - start &&
		a.at(-1 - end) === b.at(-1 - end)
	)
		end++;
	const [restOfA, restOfB] = [
		a.slice(start, a.length - end),
		b.slice(start, b.length - end),
	];
	const isSwapped =
		restOfA.length === 2 && restOfA === [...restOfB].reverse().join("");
	return isSwapped || (restOfA.length <= 1 && restOfB.length <= 1);
}

function faultAt(
	text: string,
	entries: readonly Node[] | undefined,
	offset: number,
	what: string,
): TokensError {
	const index = entries?.findLastIndex((node) => node.offset <= offset) ?? -1;
	const entry = entries?.[index];
	const line = `line ${lineAt(text, offset)}`;
	if (!entry) return new TokensError(`${line}: ${what}`);
	// What is no JSON may be no entry.
	const isAfter = offset >= entry.offset + entry.length;
	const where = `${isAfter ? "after entry" : "entry"} ${index + 1}`;
	return new TokensError(
		`${line}, ${where}${shownName(entry, offset)}: ${what}`,
	);
}

/** Unless it is the token, or a text whose end is missing and may be anything. */
function shownName(entry: Node, offset: number): string {
	const values = new Map(
		propertiesOf(entry).map(([key, value]) => [key.value, value]),
	);
	const name = values.get("name");
	if (!name || !NAME.isRight(name.value)) return "";
	const isAtFault = offset >= name.offset && offset < name.offset + name.length;
	const isToken = name.value === values.get("token")?.value;
	return isAtFault || isToken ? "" : ` (${JSON.stringify(name.value)})`;
}
