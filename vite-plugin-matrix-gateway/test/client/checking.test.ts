import * as v from "valibot";
import { describe, expect, it, vi } from "vitest";
import { InvalidMessageError } from "../../src/client/index.ts";
import {
	byType,
	matrixMessage,
	type StandardSchema,
	schemas,
} from "../../src/messages/index.ts";
import { createOnlineRig, nextTry } from "./network.ts";

const BARK = { type: "bark", agentId: "ada", text: "Hello" };
const SILENT = { type: "bark", agentId: "ada", text: 7 };

/** What the schema of a library may do, beyond what it should. */
function schemaOf(
	validate: StandardSchema["~standard"]["validate"],
): StandardSchema {
	return { "~standard": { version: 1, vendor: "test", validate } };
}

async function createCheckedRig(schema: StandardSchema = matrixMessage) {
	const onInvalid = vi.fn();
	const rig = await createOnlineRig({ agentId: "timmy", schema, onInvalid });
	const heard = vi.fn();
	rig.client.on("*", heard);
	return { ...rig, heard, onInvalid };
}

describe("what others say", () => {
	it("is heard where it is valid, with fields that no schema names", async () => {
		const { socket, heard, onInvalid } = await createCheckedRig();
		const message = { ...BARK, mood: { of: "the day" } };
		socket().deliver(message);
		expect(heard.mock.calls).toEqual([[message]]);
		expect(onInvalid).not.toHaveBeenCalled();
	});

	it.each([
		[SILENT, "text"],
		[{ type: "bark", emotion: "calm" }, "text"],
		[{ type: "bark", text: "Hi", emotion: "angry" }, "emotion"],
		[{ type: "agent_move", position: { x: "1", z: 2 } }, "position"],
		[{ type: "agent_state", state: "asleep" }, "state"],
		[{ type: "scene_add", id: "" }, "id"],
		[{ type: "scene_add", id: "x".repeat(129) }, "id"],
		[{ type: "scene_batch", messages: [{ type: "scene_add" }] }, "messages"],
		[{ type: "agent_message", text: "Hi", agentId: 5 }, "agentId"],
	])("goes to onInvalid alone where it is not: %j", async (message, field) => {
		const { socket, heard, onInvalid } = await createCheckedRig();
		socket().deliver(message);
		socket().deliver(BARK);
		expect(heard.mock.calls).toEqual([[BARK]]);
		expect(onInvalid).toHaveBeenCalledTimes(1);
		const [refused, issues] = onInvalid.mock.calls[0] ?? [];
		expect(refused).toEqual(message);
		expect(issues[0].path[0].key).toBe(field);
	});

	it("is counted in the session all the same [RES2]", async () => {
		const options = { agentId: "timmy", schema: matrixMessage };
		const rig = await createOnlineRig(options, { session: "s" });
		rig.socket().deliver(SILENT);
		rig.socket().deliver(BARK);
		rig.socket().end(1006);
		await nextTry(rig);
		rig.socket().open();
		expect(rig.socket().sent[0]).toMatchObject({ resume: { received: 2 } });
	});

	it("of another type is heard as it is", async () => {
		const { socket, heard } = await createCheckedRig();
		const odd = [
			{ type: "weather", sky: 7 },
			{ type: "constructor" },
			{ type: "__proto__" },
		];
		for (const message of odd) socket().deliver(message);
		expect(heard.mock.calls).toEqual(odd.map((message) => [message]));
	});

	it("is not the gateway's own, which no schema judges", async () => {
		const { socket, heard, client } = await createCheckedRig(
			v.never() as unknown as StandardSchema,
		);
		const own = { type: "agent_joined", agentId: "ada", role: "agent" };
		socket().deliver(own);
		socket().deliver({ type: "gateway_from_tomorrow" });
		expect(heard).toHaveBeenCalledTimes(2);
		expect([...client.agents.keys()]).toContain("ada");
	});

	it("is as the schema gives it back, with what that leaves out", async () => {
		const schema = v.object({
			type: v.literal("weather"),
			celsius: v.pipe(v.string(), v.transform(Number)),
		});
		const { socket, heard } = await createCheckedRig(schema);
		socket().deliver({ type: "weather", celsius: "21", reply_to: "q" });
		expect(heard.mock.calls).toEqual([
			[{ type: "weather", celsius: 21, reply_to: "q" }],
		]);
	});

	it.each([
		[
			"throws",
			schemaOf(() => {
				throw new Error("of the schema");
			}),
			"the schema threw an error",
		],
		[
			"takes its time",
			schemaOf(async (value) => ({ value })),
			"the schema is asynchronous",
		],
		[
			"fails later",
			schemaOf(() => Promise.reject(new Error("of the schema"))),
			"the schema is asynchronous",
		],
	])(
		"is invalid where the schema %s, and the error is reported",
		async (what, schema, message) => {
			const reportError = vi.fn();
			vi.stubGlobal("reportError", reportError);
			const { socket, heard, onInvalid } = await createCheckedRig(schema);
			socket().deliver(BARK);
			expect(onInvalid.mock.calls).toEqual([[BARK, [{ message }]]]);
			expect(heard).not.toHaveBeenCalled();
			await Promise.resolve();
			expect(reportError).toHaveBeenCalledTimes(
				what === "takes its time" ? 0 : 1,
			);
		},
	);

	it("needs nobody who is told of what is invalid", async () => {
		const { client, socket } = await createOnlineRig({ schema: matrixMessage });
		const heard = vi.fn();
		client.on("bark", heard);
		socket().deliver(SILENT);
		socket().deliver(BARK);
		expect(heard.mock.calls).toEqual([[BARK]]);
	});

	it("is a request's answer where it is valid, and rejects it where it is not", async () => {
		const { client, socket, onInvalid } = await createCheckedRig();
		const question = { type: "agent_message", text: "?" };
		const [good, bad] = [1, 2].map(() => client.request("ada", question));
		for (const [index, text] of ["Yes", 7].entries())
			socket().deliver({
				type: "agent_message",
				text,
				in_reply_to: socket().sent.at(index - 2)?.reply_to,
			});
		await expect(good).resolves.toMatchObject({ text: "Yes" });
		await expect(bad).rejects.toMatchObject({ code: "invalid" });
		expect(onInvalid).toHaveBeenCalledTimes(1);
	});
});

describe("what is to be said", () => {
	const INVALID = { type: "bark", text: 7 } as unknown as { type: "note" };

	it("goes out as it was given", async () => {
		const { client, socket } = await createCheckedRig(
			v.object({
				type: v.literal("weather"),
				celsius: v.pipe(v.string(), v.transform(Number)),
			}),
		);
		const message = { type: "weather", celsius: "21", target_id: "ada" };
		client.send(message);
		expect(socket().sent.at(-1)).toEqual(message);
	});

	it("may have undefined fields, which JSON leaves out", async () => {
		const { client, socket } = await createCheckedRig();
		client.send({ ...BARK, emotion: undefined });
		expect(socket().sent.at(-1)).toEqual(BARK);
	});

	it("is not sent where it is invalid, and the error says what is wrong where", async () => {
		const { client, socket } = await createCheckedRig();
		const sent = socket().sent.length;
		const say = () => client.send(INVALID);
		expect(say).toThrow(InvalidMessageError);
		expect(say).toThrow(/^The schema refuses this "bark": text: .*string/);
		expect(() => client.sendTo("ada", INVALID)).toThrow(InvalidMessageError);
		const question = { reply_to: "q", agentId: "ada" };
		expect(() => client.reply(question, INVALID)).toThrow(InvalidMessageError);
		for (const waiting of [
			client.deliver("ada", INVALID),
			client.request("ada", INVALID),
		])
			await expect(waiting).rejects.toThrow(InvalidMessageError);
		expect(socket().sent).toHaveLength(sent);
	});

	it("leaves no timer behind where a request is refused", async () => {
		const { client } = await createCheckedRig();
		const before = vi.getTimerCount();
		const asked = client.request("ada", INVALID);
		await expect(asked).rejects.toThrow(InvalidMessageError);
		expect(vi.getTimerCount()).toBe(before);
	});

	it("may be said to the gateway whatever the schema says", async () => {
		const { client, socket } = await createCheckedRig(
			v.never() as unknown as StandardSchema,
		);
		client.send({ type: "ping" });
		expect(socket().sent.at(-1)).toEqual({ type: "ping" });
	});
});

describe("a schema by type", () => {
	const weather = v.looseObject({
		type: v.literal("weather"),
		sky: v.picklist(["clear", "rain"]),
	});

	it("judges the world's own types beside the documented ones", async () => {
		const schema = byType({ ...schemas, weather });
		const { socket, heard, onInvalid } = await createCheckedRig(schema);
		const clear = { type: "weather", sky: "clear" };
		for (const message of [clear, { ...clear, sky: "green" }, BARK, SILENT])
			socket().deliver(message);
		expect(heard.mock.calls).toEqual([[clear], [BARK]]);
		expect(onInvalid).toHaveBeenCalledTimes(2);
	});

	it.each([null, 7, "bark", [], ["type"], {}, { type: 7 }, { type: null }])(
		"refuses what is no message: %j",
		(value) => {
			expect(matrixMessage["~standard"].validate(value)).toMatchObject({
				issues: [{ path: ["type"] }],
			});
		},
	);
});
