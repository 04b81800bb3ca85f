/** What stands in a file of tokens, and what is said of one that is wrong. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { digestOf } from "../../../src/node/token.ts";
import {
	parseTokens,
	TokensError,
} from "../../../src/node/tokens/token-entries.ts";
import { readBlocks } from "../../protocol-document/document.ts";

const SECRET = "s3cret-token";
const HEX = createHash("sha256").update(SECRET).digest("hex");
const KEY = digestOf(SECRET);

function faultOf(text: string): string {
	try {
		parseTokens(text);
	} catch (error) {
		expect(error).toBeInstanceOf(TokensError);
		return (error as Error).message;
	}
	throw new Error("it is right");
}

const entry = (more: object) => JSON.stringify([{ name: "timmy", ...more }]);

test("AUTH7 a name that is the token, or has no end, is not shown", () => {
	const twice = '{"name": "s3cret", "token": "s3cret", "roles": 1}';
	expect(faultOf(`[${twice}]`)).toBe(
		"line 1, entry 1: `roles` has to be a list of texts",
	);
	expect(faultOf('[{"name": "s3cret}]')).toMatch(/^line 1, entry 1: it is not/);
});

describe("a file that is right", () => {
	test("AUTH7 the example of the document is one", () => {
		const [example = ""] = readBlocks("AUTH: tokens and grants", "json");
		expect(parseTokens(example).size).toBe(3);
	});

	test.each([
		["in clear", { token: SECRET }],
		["as hexadecimal digits", { sha256: HEX }],
		["as upper case ones", { sha256: HEX.toUpperCase() }],
		["as base64url", { sha256: KEY }],
		["as base64url with its padding", { sha256: `${KEY}=` }],
	])("AUTH7 a token may be given %s", (_how, token) => {
		const grant = { name: "timmy", key: KEY };
		expect([...parseTokens(entry(token))]).toEqual([[KEY, grant]]);
	});

	test("AUTH7 an entry has every field of a grant", () => {
		const rights = {
			agents: ["timmy", "scout-*"],
			roles: ["bridge"],
			worlds: ["garden"],
			publish: [],
			subscribe: ["scene_*"],
			retain: false,
			operate: true,
			metrics: true,
		};
		const expires = "2030-01-31T12:00:00+01:00";
		const text = entry({ token: SECRET, ...rights, expires });
		expect(parseTokens(text).get(KEY)).toEqual({
			name: "timmy",
			key: KEY,
			...rights,
			expires: Date.UTC(2030, 0, 31, 11),
		});
	});

	test.each([
		["2030-02-28", Date.UTC(2030, 1, 28)],
		["2028-02-29T00:00Z", Date.UTC(2028, 1, 29)],
		["2030-01-01T01:02:03.5Z", Date.UTC(2030, 0, 1, 1, 2, 3, 500)],
	])("AUTH7 the time %s is read", (expires, time) => {
		const grants = parseTokens(entry({ token: SECRET, expires }));
		expect(grants.get(KEY)?.expires).toBe(time);
	});

	test("AUTH7 the list may be below `tokens`; an empty one lets nobody in", () => {
		const list = entry({ token: SECRET });
		expect(parseTokens(`{"tokens": ${list}}`)).toEqual(parseTokens(list));
		expect(parseTokens("[]").size).toBe(0);
	});
});

describe("a file that is wrong is told with its line and entry, and without a token", () => {
	const FIRST = `{"name": "alice", "token": "${SECRET}"}`;
	const second = (text: string) => `[\n  ${FIRST},\n  ${text}\n]`;
	const AT = 'line 3, entry 2 ("timmy"): ';
	const LIST = "a list of texts";

	test.each<[string, string, string]>([
		[
			"an unknown key",
			'{"name": "timmy", "token": "s3cret-2", "agnets": []}',
			`${AT}it has a key that is none; did you mean \`agents\`?`,
		],
		[
			"a token for a key",
			'{"name": "timmy", "s3cret-2": true}',
			`${AT}it has a key that is none of name, token, sha256, agents, roles, worlds, publish, subscribe, retain, operate, metrics, overhear, expires`,
		],
		[
			"a key of every object",
			'{"name": "timmy", "constructor": 1}',
			`${AT}it has a key that is none of`,
		],
		[
			"a key that stands twice",
			'{"name": "timmy", "roles": [], "roles": []}',
			`${AT}\`roles\` stands twice`,
		],
		[
			"a text for a list",
			'{"name": "timmy", "token": "s3cret-2", "agents": "s3cret-3"}',
			`${AT}\`agents\` has to be ${LIST}`,
		],
		[
			"a list of others",
			'{"name": "timmy", "token": "s3cret-2", "worlds": ["a", 1]}',
			`${AT}\`worlds\` has to be ${LIST}`,
		],
		[
			"an empty text in a list",
			'{"name": "timmy", "token": "s3cret-2", "roles": [""]}',
			`${AT}\`roles\` has to be ${LIST}`,
		],
		[
			"null for a list",
			'{"name": "timmy", "token": "s3cret-2", "publish": null}',
			`${AT}\`publish\` has to be ${LIST}`,
		],
		[
			"a text for a switch",
			'{"name": "timmy", "token": "s3cret-2", "retain": "false"}',
			`${AT}\`retain\` has to be true or false`,
		],
		["no name", '{"token": "s3cret-2"}', "line 3, entry 2: `name` is missing"],
		[
			"a name with a control character",
			'{"token": "s3cret-2", "name": "a\\u001b"}',
			"line 3, entry 2: `name` has to be",
		],

		[
			"no token",
			'{"name": "timmy"}',
			`${AT}\`token\` or \`sha256\` is missing`,
		],
		[
			"both",
			`{"name": "timmy", "token": "s3cret-2", "sha256": "${HEX}"}`,
			`${AT}it has both`,
		],
		[
			"an empty token",
			'{"name": "timmy", "token": ""}',
			`${AT}\`token\` has to be a text that is not empty`,
		],
		[
			"a token that is half a pair",
			'{"name": "timmy", "token": "s3cret-\\ud800"}',
			`${AT}\`token\` has to be`,
		],
		[
			"a token for its SHA-256",
			'{"name": "timmy", "sha256": "s3cret-2"}',
			`${AT}\`sha256\` has to be the SHA-256 of a token`,
		],
		[
			"a SHA-256 that is too short",
			`{"name": "timmy", "sha256": "${HEX.slice(1)}"}`,
			`${AT}\`sha256\` has to be`,
		],
		[
			"the name of another",
			'{"name": "alice", "token": "s3cret-2"}',
			'line 3, entry 2 ("alice"): its name is that of entry 1',
		],
		[
			"the token of another",
			`{"name": "timmy", "sha256": "${HEX}"}`,
			`${AT}its token is that of entry 1`,
		],
		[
			"a time without a zone",
			'{"name": "timmy", "token": "s3cret-2", "expires": "2030-01-01T00:00:00"}',
			`${AT}\`expires\` has to be a time`,
		],
		[
			"a day that is none",
			'{"name": "timmy", "token": "s3cret-2", "expires": "2030-02-29"}',
			`${AT}\`expires\` has to be`,
		],
		[
			"a number for a time",
			'{"name": "timmy", "token": "s3cret-2", "expires": 1}',
			`${AT}\`expires\` has to be`,
		],
		[
			"what is no object",
			'"s3cret-2"',
			"line 3, entry 2: an entry has to be an object",
		],
		["a list", '["s3cret-2"]', "line 3, entry 2: an entry has to be an object"],
		[
			"a missing comma",
			'{"name": "timmy" "token": "s3cret-2"}',
			`${AT}it is not JSON here (comma expected)`,
		],
		[
			"a missing quote",
			'{"name": "timmy", "token": "s3cret-2}',
			`${AT}it is not JSON here (unexpected end of string)`,
		],
		[
			"a comment",
			'{"name": "timmy", /* s3cret-2 */ "token": "s3cret-2"}',
			`${AT}it is not JSON here (invalid comment token)`,
		],
		[
			"a comma at the end",
			'{"name": "timmy", "token": "s3cret-2",}',
			`${AT}it is not JSON here`,
		],
		[
			"a bare word",
			"s3cret",
			'line 3, after entry 1 ("alice"): it is not JSON here (invalid symbol)',
		],
	])("AUTH7 %s", (_what, text, expected) => {
		const fault = faultOf(second(text));
		expect(fault).toContain(expected);
		expect(fault).not.toMatch(/s3cret/);
	});

	test("AUTH7 the line is that of the fault, not of the entry", () => {
		const text = `[\r\n{\r\n"name": "a",\r\n"token": "b",\r\n"roles": 1}]`;
		expect(faultOf(text)).toBe(
			'line 5, entry 1 ("a"): `roles` has to be a list of texts',
		);
	});

	test.each([
		["an empty one", ""],
		["a text", '"s3cret"'],
		["tokens for keys", '{"s3cret": {"name": "a"}}'],
		["more than `tokens`", '{"tokens": [], "s3cret": []}'],
		["no list of `tokens`", '{"tokens": {"s3cret": {}}}'],
		["one that is cut", '[{"name": "a", "token": "s3cret'],
		["two", "[] []"],
	])("AUTH7 %s", (_what, text) => {
		const fault = faultOf(text);
		expect(fault).toMatch(/^line 1.*: /);
		expect(fault).not.toContain("s3cret");
	});
});

describe("a text that can never match", () => {
	test.each([
		["agents", "a*b"],
		["agents", "**"],
		["agents", "tim\nmy"],
		["agents", `${"x".repeat(129)}*`],
		["roles", "x".repeat(65)],
		["roles", "*er"],
		["worlds", "Garden"],
		["worlds", "-*"],
		["worlds", "garden/*"],
		["publish", "scene_*_add"],
		["subscribe", "*_add"],
	])("AUTH7 is told by its line, entry and place: %s %j", (name, text) => {
		const lines = ["[", "{", '"name": "timmy", "token": "t",', `"${name}": [`];
		const list = ['"*",', JSON.stringify(text), "]}]"];
		const fault = faultOf([...lines, ...list].join("\n"));
		const where = 'line 6, entry 1 ("timmy"): text 2 of';
		expect(fault).toContain(`${where} \`${name}\` can never match: `);
		expect(fault).not.toContain(text);
	});

	test.each([
		["agents", "*"],
		["agents", "scout-*"],
		["agents", "x".repeat(128)],
		["roles", "br*"],
		["worlds", "garden"],
		["worlds", "garden.*"],
		["worlds", `${"x".repeat(64)}*`],
		["publish", "*"],
		["subscribe", "scene_*"],
	])("AUTH7 others are right: %s %j", (name, text) => {
		const grants = parseTokens(entry({ token: SECRET, [name]: [text] }));
		expect(grants.get(KEY)).toHaveProperty(name, [text]);
	});
});
