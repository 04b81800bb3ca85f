import { describe, expect, it, vi } from "vitest";
import { createOnlineRig } from "./network.ts";

const BARK = { type: "bark", agentId: "timmy", text: "Hello" };

describe("on", () => {
	it("gets the messages of its type, each once", async () => {
		const { client, socket } = await createOnlineRig();
		const barks = vi.fn();
		const moves = vi.fn();
		client.on("bark", barks);
		client.on("agent_move", moves);
		socket().deliver(BARK);
		expect(barks.mock.calls).toEqual([[BARK]]);
		expect(moves).not.toHaveBeenCalled();
	});

	it("gets types that nobody has declared", async () => {
		const { client, socket } = await createOnlineRig();
		const heard = vi.fn();
		client.on("weather", heard);
		socket().deliver({ type: "weather", sky: "clear" });
		expect(heard.mock.calls).toEqual([[{ type: "weather", sky: "clear" }]]);
	});

	it("gets every message for *, the answer to the greeting first", async () => {
		const rig = await createOnlineRig();
		const types: string[] = [];
		rig.client.on("*", ({ type }) => types.push(type));
		rig.answer();
		for (const type of ["bark", "pong", "constructor", "*"])
			rig.socket().deliver({ type });
		expect(types).toEqual([
			"gateway_hello",
			"bark",
			"pong",
			"constructor",
			"*",
		]);
	});

	it.each([
		["gateway_replaced", { agentId: "timmy" }],
		["gateway_error", { code: "target_offline", message: "…" }],
		["gateway_shutdown", { reason: "shutdown", reconnectAfter: 1 }],
	] as const)("gets %s", async (type, fields) => {
		const { client, socket } = await createOnlineRig({ agentId: "timmy" });
		const heard = vi.fn();
		client.on(type, heard);
		socket().deliver({ type, ...fields });
		expect(heard.mock.calls).toEqual([[{ type, ...fields }]]);
	});

	it("returns its end, for one listener at a time", async () => {
		const { client, socket } = await createOnlineRig();
		const heard = vi.fn();
		const stop = client.on("bark", heard);
		client.on("bark", heard);
		socket().deliver(BARK);
		expect(heard).toHaveBeenCalledTimes(2);
		stop();
		stop();
		socket().deliver(BARK);
		expect(heard).toHaveBeenCalledTimes(3);
	});

	it("leaves out a listener that another has taken off just now", async () => {
		const { client, socket } = await createOnlineRig();
		const heard = vi.fn();
		client.on("bark", () => stop());
		const stop = client.on("bark", heard);
		socket().deliver(BARK);
		expect(heard).not.toHaveBeenCalled();
	});

	it("ignores what is no message and goes on", async () => {
		const { client, socket } = await createOnlineRig();
		const heard = vi.fn();
		client.on("*", heard);
		for (const frame of ["", "{", "null", "[]", "1", '"bark"', '{"type":1}'])
			socket().deliver(frame);
		socket().deliverBinary();
		socket().deliver(BARK);
		expect(heard.mock.calls).toEqual([[BARK]]);
	});
});

describe("a listener that throws", () => {
	const error = new Error("in a listener");
	const fail = () => {
		throw error;
	};

	it("is reported and keeps nothing from the others", async () => {
		const reportError = vi.fn();
		vi.stubGlobal("reportError", reportError);
		const { client, socket } = await createOnlineRig();
		const heard = vi.fn();
		client.on("bark", fail);
		client.on("bark", heard);
		client.on("*", heard);
		socket().deliver(BARK);
		expect(heard).toHaveBeenCalledTimes(2);
		expect(reportError.mock.calls).toEqual([[error]]);
		client.onState(fail);
		client.onState(heard);
		socket().end(1006);
		expect(heard).toHaveBeenCalledTimes(3);
		expect(reportError).toHaveBeenCalledTimes(2);
	});

	it("is an uncaught error where there is no reportError", async () => {
		vi.stubGlobal("reportError", undefined);
		const tasks: (() => void)[] = [];
		vi.stubGlobal("queueMicrotask", (task: () => void) => tasks.push(task));
		const { client, socket } = await createOnlineRig();
		client.on("bark", fail);
		socket().deliver(BARK);
		expect(tasks).toHaveLength(1);
		expect(tasks[0]).toThrow(error);
	});
});
