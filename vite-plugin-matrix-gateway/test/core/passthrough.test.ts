import { describe, expect, test } from "vitest";
import { createFakeHost } from "./support/host.ts";
import { createWorld } from "./support/world.ts";

const ODD = [
	["white space", ' \n\t{ "type" :\r\n "bark" , "x" : [ 1 , 2 ] }\n '],
	["key order", '{"z":1,"type":"bark","a":{"y":1,"b":2},"1":0,"0":1}'],
	["duplicate keys", '{"type":"other","type":"bark","x":1,"x":2}'],
	["big integers", '{"type":"bark","sat":9007199254740993123456789}'],
	[
		"long fractions",
		'{"type":"bark","x":0.1000000000000000055511151231257827}',
	],
	["number forms", '{"type":"bark","x":[1.0,1e3,1E+3,-0,-0.0,1e999,5e-324]}'],
	["escapes", '{"\\u0074ype":"\\u0062ark","x":"\\/\\b\\f\\u00e9"}'],
	["escaped lone surrogates", '{"type":"bark","x":"\\ud800 \\udc00"}'],
	["unicode", '{"type":"bark","x":"日本語 🌳 é é \u2028 \u200b"}'],
	["a NUL escape", '{"type":"bark","x":"\\u0000"}'],
	["prototype keys", '{"type":"bark","__proto__":{"a":1},"toString":null}'],
	["deep nesting", `{"type":"bark","x":${"[".repeat(63)}${"]".repeat(63)}}`],
	["no other key", '{"type":"bark"}'],
] as const;

describe.each([
	["finds envelopes", true],
	["finds none", false],
])("payload bytes are forwarded unchanged, where the host %s", (_, finds) => {
	const create = () => createWorld({}, createFakeHost(finds));

	test.each(ODD)("RT1 %s, to all", (_, text) => {
		const { agent, viewer } = create();
		const timmy = agent("timmy");
		const watcher = viewer();
		timmy.send(text);
		expect(watcher.texts()).toEqual([text]);
	});

	test.each(ODD)("RT2 %s, to one", (_, text) => {
		const { agent, forget } = create();
		const timmy = agent("timmy");
		const perplexity = agent("perplexity");
		forget();
		const directed = text.replace("{", '{"target_id":"perplexity",');
		timmy.send(directed);
		expect(perplexity.texts()).toEqual([directed]);
	});

	test.each(ODD)("REG4 %s, to a viewer that was new", (_, text) => {
		const { agent, connect, host } = create();
		const timmy = agent("timmy");
		const viewer = connect();
		timmy.send(text);
		host.advance(250);
		expect(viewer.texts().slice(1)).toEqual([text]);
	});

	test("RT1 the payload may be overwritten once receive has returned", () => {
		const { agent, viewer } = create();
		const timmy = agent("timmy");
		const watcher = viewer();
		const bytes = new TextEncoder().encode('{"type":"bark"}');
		timmy.sendBytes(bytes, false);
		bytes.fill(0);
		expect(watcher.texts()).toEqual(['{"type":"bark"}']);
	});

	test("RT1 it is encoded once for all, and one buffer is shared", () => {
		const { agent, viewer, forget, host } = create();
		const timmy = agent("timmy");
		const watchers = Array.from({ length: 10 }, () => viewer());
		forget();
		const before = host.encoded;
		timmy.send({ type: "one" });
		timmy.send({ type: "two" });
		host.turn();
		expect(host.encoded - before).toBe(2);
		const buffers = watchers.map(({ socket }) => socket.writes.at(-1));
		expect(new Set(buffers).size).toBe(1);
	});
});
