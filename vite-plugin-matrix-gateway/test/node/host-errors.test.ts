/** Errors in the functions that a host gives are none of the gateway's own [ERR3, HTTP5]. */
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { attach } from "../../src/node/attach.ts";
import {
	createGateway,
	type NodeGatewayOptions,
} from "../../src/node/create-gateway.ts";
import { takeScanner } from "../../src/node/native/scanner.ts";
import type { NodeGatewayEvent } from "../../src/node/node-gateway.ts";
import type { UpgradeOptions } from "../../src/node/upgrade.ts";
import { connect, statusOf } from "../support/client.ts";
import { useHttpServer } from "../support/http-server.ts";
import { plantError } from "../support/planted.ts";
import { until } from "../support/until.ts";

const local = useHttpServer();

/** Counts the calls. Not a mock, which handles what it rejects with. */
function counted(fail: () => void) {
	const given: unknown[] = [];
	const tell = (value: unknown) => {
		given.push(value);
		return fail();
	};
	return { given, tell };
}

/** What the process would end by, were it not a test's. */
function watchRejections(): unknown[] {
	const rejections: unknown[] = [];
	const keep = (reason: unknown) => rejections.push(reason);
	process.on("unhandledRejection", keep);
	onTestFinished(() => void process.off("unhandledRejection", keep));
	return rejections;
}

function start(options: NodeGatewayOptions, access: UpgradeOptions = {}) {
	const gateway = createGateway(options);
	onTestFinished(attach(local.server, gateway, access));
	onTestFinished(() => gateway.close({ timeout: 0 }));
	return gateway;
}

const FAILURES: readonly (readonly [string, () => void])[] = [
	[
		"throws",
		() => {
			throw new Error("the host's own");
		},
	],
	["rejects", async () => Promise.reject(new Error("the host's own"))],
	["throws null", () => Promise.reject(null)],
];

describe.each(FAILURES)("a function of the host's that %s", (_, fail) => {
	test("ERR3 HTTP5 as `onEvent` changes nothing", async () => {
		const rejections = watchRejections();
		const { given, tell: onEvent } = counted(fail);
		const gateway = start({ onEvent });
		const timmy = await connect(local.url);
		await timmy.register("timmy");
		timmy.socket.close();
		await until(gateway.status, ({ connections }) => connections === 0);
		expect(given.length).toBeGreaterThan(3);
		expect(gateway.status().totals.failed).toBe(0);
		expect(rejections).toEqual([]);
	});

	test("ERR3 CON3 as `onRefused` changes nothing", async () => {
		const rejections = watchRejections();
		const { given, tell: onRefused } = counted(fail);
		start({}, { onRefused, token: "sesame" });
		const origin = "http://page.test";
		expect(await statusOf(local.url, { origin })).toBe(403);
		const { closed } = await connect(local.url);
		expect(await closed).toMatchObject({ code: 4001 });
		expect(given).toHaveLength(2);
		expect(rejections).toEqual([]);
	});

	test("ERR3 AUTH2 as `authenticate` or `allowedOrigins` is answered with 503", async () => {
		const rejections = watchRejections();
		const refuse = fail as () => never;
		const gateway = start(
			{},
			{ authenticate: refuse, allowedOrigins: [refuse] },
		);
		expect(await statusOf(local.url)).toBe(503);
		const origin = "http://page.test";
		expect(await statusOf(local.url, { origin })).toBe(503);
		expect(gateway.draining).toBe(false);
		expect(rejections).toEqual([]);
	});

	test("ERR3 as `onBroken` leaves everyone closed with 1011", async () => {
		const rejections = watchRejections();
		const { given, tell: onBroken } = counted(fail);
		const gateway = start({ onBroken });
		const timmy = await connect(local.url);
		await timmy.register("timmy");
		plantError("agent_registered");
		timmy.send({ type: "agent_register", agentId: "ada" });
		expect(await timmy.expectClosed()).toMatchObject({ code: 1011 });
		expect(given).toMatchObject([{ message: "planted" }]);
		await gateway.close();
		expect(rejections).toEqual([]);
	});
});

describe("an error in reading a frame", () => {
	test("ERR3 costs its connection, and that one alone", async () => {
		const events: NodeGatewayEvent[] = [];
		const gateway = start({ onEvent: (event) => void events.push(event) });
		const timmy = await connect(local.url);
		await timmy.register("timmy");
		const ada = await connect(local.url);
		await ada.register("ada");
		await timmy.next("agent_joined");
		const scanner = takeScanner();
		vi.spyOn(scanner, "unmask").mockImplementationOnce(() => {
			throw new Error("planted");
		});
		ada.send({ type: "bark" });
		expect(await ada.expectClosed()).toMatchObject({ code: 1011 });
		await timmy.next("agent_left");
		await timmy.expectNothing();
		expect(events).toContainEqual({
			event: "failed",
			connectionId: expect.any(String),
			error: expect.objectContaining({ message: "planted" }),
		});
		expect(gateway.status().totals.failed).toBe(1);
	});
});

describe("an error in opening a connection", () => {
	test("ERR3 is told to its client by 1011, and to `onRefused`", async () => {
		const onRefused = vi.fn();
		const gateway = start({}, { onRefused });
		const timmy = await connect(local.url);
		await timmy.register("timmy");
		vi.spyOn(gateway, "open").mockImplementationOnce(() => {
			throw new Error("planted");
		});
		const ada = await connect(local.url);
		expect(await ada.expectClosed()).toEqual({
			code: 1011,
			reason: "internal error",
		});
		expect(onRefused).toHaveBeenCalledExactlyOnceWith(
			expect.objectContaining({
				status: 1011,
				error: expect.objectContaining({ message: "planted" }),
			}),
		);
		await timmy.expectNothing();
		expect(gateway.status().connections).toBe(1);
	});
});
