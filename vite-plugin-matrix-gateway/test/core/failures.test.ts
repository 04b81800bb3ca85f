/** Errors of the gateway's own: planted in the host, which is what tests can reach. */
import { describe, expect, test } from "vitest";
import { createGateway } from "../../src/core/gateway.ts";
import { createClient } from "./support/client.ts";
import { createFakeHost } from "./support/host.ts";

const INTERNAL_ERROR = { code: 1011, reason: "internal error" };

/** A host one of whose services throws once a test says so. */
function arrange(service: "encode" | "toUtf8" | "defer") {
	const host = createFakeHost();
	let isFaulty = false;
	const fault = () => {
		isFaulty = false;
		throw new Error("planted");
	};
	const broken: unknown[] = [];
	const faulty = {
		...host,
		onBroken: (error: unknown) => broken.push(error),
		[service]: (...given: never[]) => {
			if (isFaulty) fault();
			return (host[service] as (...given: never[]) => never)(...given);
		},
	};
	const gateway = createGateway(faulty, {
		flushWindow: 0,
		heartbeatInterval: 0,
	});
	const join = (agentId: string) => {
		const client = createClient(gateway, host);
		client.register(agentId);
		client.messages();
		return client;
	};
	return {
		gateway,
		host,
		broken,
		join,
		/** The next call throws. */
		breakService: () => {
			isFaulty = true;
		},
		failed: () => host.events.filter(({ event }) => event === "failed"),
	};
}

describe("an error of the gateway's own", () => {
	test("ERR3 in receiving a message costs its connection, and that one alone", () => {
		const { gateway, join, breakService, failed } = arrange("encode");
		const timmy = join("timmy");
		const ada = join("ada");
		timmy.messages();
		breakService();
		ada.send({ type: "note" });
		expect(ada.socket.closing).toEqual(INTERNAL_ERROR);
		expect(failed()).toMatchObject([
			{ connectionId: ada.id, error: { message: "planted" } },
		]);
		expect(gateway.status().totals.failed).toBe(1);
		expect(gateway.draining).toBe(false);
		expect(timmy.messages()).toMatchObject([
			{ type: "agent_left", agentId: "ada", reason: "closed" },
		]);
		timmy.send({ type: "ping" });
		expect(timmy.types()).toEqual(["pong"]);
	});

	test("ERR3 in applying a command closes everyone, is told once, and throws nothing", () => {
		const { gateway, join, breakService, broken, host } = arrange("toUtf8");
		const timmy = join("timmy");
		const ada = createClient(gateway, host);
		breakService();
		ada.register("ada");
		for (const { socket } of [timmy, ada])
			expect(socket.closing).toEqual(INTERNAL_ERROR);
		expect(broken).toMatchObject([{ message: "planted" }]);
		expect(gateway.draining).toBe(true);
		timmy.send({ type: "note" });
		timmy.close();
		const late = createClient(gateway, host);
		expect(late.socket.closing).toEqual(INTERNAL_ERROR);
		host.turn();
		expect(broken).toHaveLength(1);
		expect(gateway.status().connections).toBe(0);
	});

	test("ERR3 in a callback of the host's does the same", () => {
		const { gateway, join, host, broken } = arrange("encode");
		const timmy = join("timmy");
		Object.assign(timmy.socket, {
			writeFrames: () => {
				throw new Error("planted");
			},
		});
		const ada = join("ada");
		expect(ada.socket.closing).toEqual(INTERNAL_ERROR);
		expect(broken).toHaveLength(1);
		expect(gateway.draining).toBe(true);
		host.turn();
	});
});
