import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFakeHost } from "./support/host.ts";
import { createWorld, MARKER, type World } from "./support/world.ts";

const RESERVED =
	/^(agent_(register|unregister|registered|subscribe|subscribed|joined|left)|ping|pong|auth_refresh|gateway_.*)$/s;

/** Whether a text is a broadcast by the letter of RT1, RT6 and RT7. */
function isBroadcast(text: string): boolean {
	try {
		const { type, target_id } = JSON.parse(text);
		const forAll = target_id === undefined || target_id === null;
		return (
			typeof type === "string" && type !== "" && !RESERVED.test(type) && forAll
		);
	} catch {
		return false;
	}
}

/** What a stranger's input brings to others: exactly the broadcasts, in order. */
function expectOnlyBroadcasts(world: World, inputs: readonly Uint8Array[]) {
	const watcher = world.viewer();
	const stranger = world.viewer();
	for (const input of inputs) stranger.sendBytes(input, false);
	world.agent("timmy").send(MARKER);
	const texts = inputs.map((input) => new TextDecoder().decode(input));
	expect(watcher.texts().slice(0, -2)).toEqual(texts.filter(isBroadcast));
	expect(watcher.socket.closing).toBeUndefined();
	world.end();
}

const encode = (text: string) => new TextEncoder().encode(text);

const type = fc.oneof(
	fc.constantFrom("bark", "ping", "pong", "gateway_x", "agent_left", "", "x"),
	fc.constantFrom(null, 1, true, ["bark"], { toString: "bark" }),
	fc.string({ unit: "binary" }).filter((text) => text !== "agent_register"),
);

const target_id = fc.oneof(
	fc.constantFrom(undefined, null, "", 0, false, "nobody", ["a"], {}),
	fc.string({ unit: "binary", maxLength: 200 }),
);

const message = fc.record(
	{
		type,
		target_id,
		agentId: fc.oneof(fc.string(), fc.anything()),
		payload: fc.jsonValue(),
	},
	{ requiredKeys: [] },
);

describe.each([
	["finds envelopes", true],
	["finds none", false],
])("whatever comes in, where the host %s", (_, findsEnvelopes) => {
	const create = () => createWorld({}, createFakeHost(findsEnvelopes));

	test("RT7 any bytes: nothing is thrown, and nothing reaches others", () => {
		const bytes = fc.uint8Array({ maxLength: 200 });
		fc.assert(
			fc.property(fc.array(bytes, { maxLength: 20 }), (inputs) => {
				expectOnlyBroadcasts(create(), inputs);
			}),
		);
	});

	test("RT7 any JSON: only what is a broadcast reaches others, byte for byte", () => {
		const json = fc.json({ noUnicodeString: false } as object).map(encode);
		fc.assert(
			fc.property(fc.array(json, { maxLength: 20 }), (inputs) => {
				expectOnlyBroadcasts(create(), inputs);
			}),
		);
	});

	test("RT1 RT6 RT7 anything that looks like a message: only broadcasts reach others", () => {
		const text = message.map((value) => encode(JSON.stringify(value)));
		fc.assert(
			fc.property(fc.array(text, { maxLength: 30 }), (inputs) => {
				expectOnlyBroadcasts(create(), inputs);
			}),
			{ numRuns: 300 },
		);
	});

	test("REG1 any agentId and role: an ack that repeats them, or an error that does not", () => {
		const name = fc.oneof(
			fc.string({ unit: "binary", maxLength: 200 }),
			fc.string({ unit: "grapheme", maxLength: 100 }),
			fc.jsonValue(),
		);
		fc.assert(
			fc.property(name, name, (agentId, role) => {
				const world = create();
				const client = world.viewer();
				client.register(agentId, role);
				const [answer] = client.messages();
				if (answer?.type === "agent_registered")
					expect(answer).toMatchObject({ agentId, role: role ?? "agent" });
				else
					expect(Object.keys(answer ?? {})).toEqual([
						"type",
						"code",
						"message",
					]);
				world.end();
			}),
			{ numRuns: 300 },
		);
	});

	test("RT7 binary frames of any bytes are refused, one by one", () => {
		const bytes = fc.uint8Array({ maxLength: 200 });
		fc.assert(
			fc.property(fc.array(bytes, { maxLength: 20 }), (inputs) => {
				const world = create();
				const client = world.viewer();
				for (const input of inputs) client.sendBytes(input, true);
				const codes = client.messages().map(({ code }) => code);
				expect(codes).toEqual(inputs.map(() => "not_text"));
				world.end();
			}),
		);
	});
});
