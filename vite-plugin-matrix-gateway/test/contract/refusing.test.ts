import { describe, expect, test } from "vitest";
import type { MessageClient } from "../support/client.ts";
import { frame, OPCODE, textFrame } from "../support/frames.ts";
import { useGateway } from "../support/gateway.ts";
import { HOSTS } from "../support/hosts.ts";
import {
	type Conversations,
	MESSAGE_HOSTS,
	useMessages,
} from "../support/message-hosts.ts";
import { exchange, handshake, openSocket } from "../support/peer.ts";

const LONG = "a".repeat(10_000);

/** What is wrong in itself, and the code that says so. */
const WRONG: readonly (readonly [string, string, string])[] = [
	["no JSON", "hello", "bad_message"],
	["nothing at all", "", "bad_message"],
	["half an object", '{"type":"bark"', "bad_message"],
	["an object and a half", '{"type":"bark"}{', "bad_message"],
	["a byte order mark", '\ufeff{"type":"bark"}', "bad_message"],
	["an array", '[{"type":"bark"}]', "bad_message"],
	["null", "null", "bad_message"],
	["a string", '"bark"', "bad_message"],
	["no type", '{"text":"hi"}', "bad_message"],
	["a type that is no string", '{"type":7}', "bad_message"],
	["an empty type", '{"type":""}', "bad_message"],
	["an empty target", '{"type":"bark","target_id":""}', "bad_message"],
	["a target that is a number", '{"type":"bark","target_id":7}', "bad_message"],
	[
		"a target that is an array",
		'{"type":"bark","target_id":["a"]}',
		"bad_message",
	],
	["a target of 10 kB", `{"type":"bark","target_id":"${LONG}"}`, "bad_message"],
	[
		"a target with a control character",
		'{"type":"bark","target_id":"a\\u0000"}',
		"bad_message",
	],
	["250,000 brackets", "[".repeat(250_000), "bad_message"],
	["65 levels", `{"type":"bark","x":${nested(64)}}`, "bad_message"],
	["100,000 levels", `{"type":"bark","x":${nested(100_000)}}`, "bad_message"],
	[
		"a receipt and 65 levels",
		`{"type":"bark","receipt":"1","x":${nested(64)}}`,
		"bad_message",
	],
	[
		"a key twice, first too deep",
		`{"type":"bark","x":${nested(64)},"x":1}`,
		"bad_message",
	],
	["an id that is empty", register('""'), "bad_message"],
	["an id of 10 kB", register(`"${LONG}"`), "bad_message"],
	["an id of 129 bytes", register(`"${"a".repeat(129)}"`), "bad_message"],
	[
		"an id of 66 two-byte characters",
		register(`"${"é".repeat(66)}"`),
		"bad_message",
	],
	["an id with an escape sequence", register('"\\u001b[2J"'), "bad_message"],
	["an id with a line break", register('"a\\nb"'), "bad_message"],
	["an id with a line separator", register('"a\\u2028b"'), "bad_message"],
	["an id that reads backwards", register('"\\u202eevil"'), "bad_message"],
	["an id with a lone surrogate", register('"\\ud800"'), "bad_message"],
	["an id that is a number", register("7"), "bad_message"],
	["an id that is an object", register('{"toString":1}'), "bad_message"],
	["no id", '{"type":"agent_register"}', "bad_message"],
	["a role that is empty", register('"a","role":""'), "bad_message"],
	[
		"a role of 65 bytes",
		register(`"a","role":"${"r".repeat(65)}"`),
		"bad_message",
	],
	["a role that is a number", register('"a","role":7'), "bad_message"],
	[
		"leaving a name that one has not",
		'{"type":"agent_unregister","agentId":"other"}',
		"bad_message",
	],
	[
		"leaving __proto__",
		'{"type":"agent_unregister","agentId":"__proto__"}',
		"bad_message",
	],
	...[
		"agent_registered",
		"agent_joined",
		"agent_left",
		"pong",
		"gateway_shutdown",
		"gateway_",
	].map((type) => [type, JSON.stringify({ type }), "reserved_type"] as const),
	[
		"a reserved type to one agent",
		'{"type":"agent_joined","agentId":"x","target_id":"other"}',
		"reserved_type",
	],
];

describe.each(MESSAGE_HOSTS)("refusing on $name", (host) => {
	const gateway = useMessages(host);

	test.each(WRONG)(
		"%s is answered and goes nowhere, and the connection stays [RT6, RT7, ERR1]",
		async (_name, text, code) => {
			const others = await bystanders(gateway);
			const client = await gateway.connect();
			client.send(text);
			await client.next("gateway_hello");
			const error = await client.next("gateway_error");
			expect(error).toMatchObject({
				code,
				message: expect.stringMatching(/\w/),
			});
			expect(JSON.stringify(error).length).toBeLessThan(500);
			await expectUnharmed([...others, client]);
		},
	);

	test("a first message that is wrong makes a viewer [REG4, RT7]", async () => {
		const client = await gateway.connect();
		client.send(register('""'));
		await client.next("gateway_hello");
		await client.next("gateway_error");
		await client.register("better");
	});

	test("binary is answered with not_text, whatever it holds [RT7]", async () => {
		const others = await bystanders(gateway);
		const client = await gateway.viewer();
		client.sendBinary(Buffer.from('{"type":"bark"}'));
		expect(await client.next("gateway_error")).toMatchObject({
			code: "not_text",
		});
		await expectUnharmed([...others, client]);
	});

	test("errors are answered 50 at once, then held back, and end with 4202 [ERR2]", async () => {
		const others = await bystanders(gateway);
		const client = await gateway.viewer();
		const before = (await gateway.status()).totals.errors ?? 0;
		for (let n = 0; n < 600; n++) client.send("garbage");
		for (let n = 0; n < 50; n++) await client.next("gateway_error");
		expect(await client.closed).toEqual({ code: 4202, reason: "rate limit" });
		// The rest is discarded, as all that comes after a close frame.
		const after = (await gateway.status()).totals.errors ?? 0;
		// Where the close has its place later, what comes until then is refused as well.
		if (host.isShared) expect(after).toBeGreaterThanOrEqual(before + 500);
		else expect(after).toBe(before + 500);
		await expectUnharmed(others);
	});

	test("a message of exactly maxPayload passes, one byte more is 1009 [CON5]", async () => {
		const others = await bystanders(gateway);
		const client = await gateway.agent("large");
		for (const other of others) await other.next("agent_joined");
		const largest = sized(262_144);
		client.send(largest);
		for (const other of others) expect(await other.nextText()).toBe(largest);
		client.send(`${largest} `);
		expect((await client.expectClosed()).code).toBe(1009);
		for (const other of others)
			expect(await other.next("agent_left")).toMatchObject({
				agentId: "large",
			});
		await expectUnharmed(others);
	});

	test("what was refused is counted [ERR1, HTTP1]", async () => {
		const before = (await gateway.status()).totals;
		const client = await gateway.viewer();
		client.send("garbage");
		client.send({ type: "bark", target_id: "nobody" });
		await client.next("gateway_error");
		await client.next("gateway_error");
		const after = (await gateway.status()).totals;
		expect(after.errors).toBe((before.errors ?? 0) + 2);
		expect(after.undeliverable).toBe((before.undeliverable ?? 0) + 1);
	});
});

describe.each(HOSTS)(
	"refusing what breaks the protocols below on $name",
	(host) => {
		const gateway = useGateway(host);

		test.each<[string, number, Buffer[]]>([
			[
				"invalid UTF-8",
				1007,
				[frame({ payload: Buffer.from([0x22, 0xff, 0x22]) })],
			],
			[
				"a surrogate in UTF-8",
				1007,
				[frame({ payload: Buffer.from([0xed, 0xa0, 0x80]) })],
			],
			["an unknown opcode", 1002, [frame({ opcode: 3 })]],
			["an unknown control opcode", 1002, [frame({ opcode: 11 })]],
			["a reserved bit", 1002, [frame({ reserved: 0x40, payload: "{}" })]],
			["all reserved bits", 1002, [frame({ reserved: 0x70, payload: "{}" })]],
			[
				"a frame without a mask",
				1002,
				[frame({ masked: false, payload: "{}" })],
			],
			[
				"a ping that is too long",
				1002,
				[frame({ opcode: OPCODE.ping, payload: "x".repeat(126) })],
			],
			[
				"a ping in fragments",
				1002,
				[frame({ opcode: OPCODE.ping, final: false })],
			],
			[
				"a continuation of nothing",
				1002,
				[frame({ opcode: OPCODE.continuation })],
			],
			["a text within a text", 1002, [frame({ final: false }), frame()]],
			[
				"a close of one byte",
				1002,
				[frame({ opcode: OPCODE.close, payload: "x" })],
			],
			[
				"a close with a code that may not be sent",
				1002,
				[frame({ opcode: OPCODE.close, payload: Buffer.from([0x03, 0xed]) })],
			],
			[
				"a close with a reason that is no UTF-8",
				1007,
				[
					frame({
						opcode: OPCODE.close,
						payload: Buffer.from([0x03, 0xe8, 0xff]),
					}),
				],
			],
			[
				"a length of 8 EiB",
				1009,
				[frame({ claimedLength: Number(2n ** 62n) })],
			],
			["a length of 1 GB", 1009, [frame({ claimedLength: 1e9 })]],
			["fragments that together are too large", 1009, fragments(5, 60_000)],
			["17,000 fragments of one byte", 1008, fragments(17_000, 1)],
		])(
			"%s ends that connection alone, and others hear of it at once [RT7]",
			async (_name, code, frames) => {
				const others = await bystanders(gateway);
				const peer = await gateway.raw();
				peer.socket.write(
					textFrame({ type: "agent_register", agentId: "breaker" }),
				);
				await peer.nextMessage("agent_registered");
				await peer.nextMessage("agent_joined");
				for (const other of others) await other.next("agent_joined");
				peer.socket.write(Buffer.concat(frames));
				// The breaker holds its end of TCP open all the while.
				for (const other of others)
					expect(await other.next("agent_left")).toMatchObject({
						agentId: "breaker",
					});
				expect(await peer.closeCode()).toBe(code);
				await expectUnharmed(others);
			},
		);

		test.each([
			["no HTTP", "\0\x01\x02garbage\xff\xfe\r\n\r\n"],
			["a TLS handshake", "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n\r\n"],
			["HTTP/2 with prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
			[
				"a header without end",
				`GET /ws/matrix HTTP/1.1\r\nHost: x\r\nX: ${"y".repeat(20_000)}\r\n\r\n`,
			],
			[
				"two lengths",
				"POST /ws/matrix HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
			],
		])(
			"%s before the handshake is answered with 4xx and harms nobody",
			async (_name, bytes) => {
				const others = await bystanders(gateway);
				expect(await exchange(gateway.url, bytes)).toMatch(
					/^HTTP\/1\.1 4\d\d /,
				);
				await expectUnharmed(others);
			},
		);

		test.each<[string, number, Record<string, string>]>([
			["no key", 400, { "Sec-WebSocket-Key": "" }],
			["a key that is none", 400, { "Sec-WebSocket-Key": "short" }],
			["an old version", 400, { "Sec-WebSocket-Version": "7" }],
			[
				"subprotocols that are no list",
				400,
				{ "Sec-WebSocket-Protocol": "a,,b" },
			],
		])(
			"a handshake with %s is answered with %i [CON1]",
			async (_name, status, headers) => {
				const others = await bystanders(gateway);
				const answer = await exchange(
					gateway.url,
					handshake(gateway.url, headers),
				);
				expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
				await expectUnharmed(others);
			},
		);

		test("a handshake and its first messages may come in one packet [REG2]", async () => {
			const socket = openSocket(gateway.url);
			const register = textFrame({ type: "agent_register", agentId: "hasty" });
			const viewer = await gateway.viewer();
			socket.write(
				Buffer.concat([Buffer.from(handshake(gateway.url)), register]),
			);
			expect(await viewer.next("agent_joined")).toMatchObject({
				agentId: "hasty",
			});
			socket.destroy();
			await viewer.next("agent_left");
		});
	},
);

describe.each(MESSAGE_HOSTS)("another maxPayload on $name", (host) => {
	const gateway = useMessages(host, { maxPayload: 1_000 });

	test("is told in the greeting, and holds [CON5]", async () => {
		const client = await gateway.connect();
		const ack = await client.register("small");
		expect(ack).toMatchObject({ maxPayload: 1_000 });
		client.send(sized(1_000));
		await client.expectNothing();
		client.send(sized(1_001));
		expect((await client.expectClosed()).code).toBe(1009);
	});
});

/** Two bystanders, who must notice nothing of one who errs. */
async function bystanders(
	gateway: Pick<Conversations, "agent" | "viewer">,
): Promise<MessageClient[]> {
	const other = await gateway.agent("other");
	return [other, await gateway.viewer()];
}

/** They are all well, and what they are sent next is what they get next. */
async function expectUnharmed(
	clients: readonly MessageClient[],
): Promise<void> {
	for (const client of clients) {
		client.send({ type: "are_you_there" });
		for (const other of clients)
			if (other !== client) await other.next("are_you_there");
		await client.expectNothing();
	}
}

function nested(levels: number): string {
	return "[".repeat(levels) + "]".repeat(levels);
}

function register(agentId: string): string {
	return `{"type":"agent_register","agentId":${agentId}}`;
}

function sized(bytes: number): string {
	return `{"type":"bark","text":"${"x".repeat(bytes - 25)}"}`;
}

function fragments(count: number, bytes: number): Buffer[] {
	return Array.from({ length: count }, (_, index) =>
		frame({
			opcode: index === 0 ? OPCODE.text : OPCODE.continuation,
			final: false,
			payload: "x".repeat(bytes),
		}),
	);
}
