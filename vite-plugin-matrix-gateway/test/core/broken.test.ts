/** A gateway whose state broke: it ends for everyone in a bounded time, whoever does not answer. */
import { describe, expect, test } from "vitest";
import { createGateway, type Gateway } from "../../src/core/gateway.ts";
import { createClient } from "./support/client.ts";
import { createFakeHost, type FakeHost } from "./support/host.ts";

const CLOSE_TIMEOUT = 2_000;

/** Two connections, and what breaks the gateway by the second one's registration. */
function arrange() {
	const host = createFakeHost();
	let isFaulty = false;
	const faulty = {
		...host,
		toUtf8(text: string) {
			if (isFaulty) throw new Error("planted");
			return host.toUtf8(text);
		},
	};
	const gateway = createGateway(faulty, {
		flushWindow: 0,
		heartbeatInterval: 0,
		closeTimeout: CLOSE_TIMEOUT,
	});
	const timmy = createClient(gateway, host);
	timmy.register("timmy");
	timmy.messages();
	return {
		host,
		gateway,
		timmy,
		breakState() {
			isFaulty = true;
			createClient(gateway, host).register("ada");
			expect(gateway.draining).toBe(true);
		},
	};
}

/** Whether a promise is settled once all that is due has been done. */
async function isSettled(
	promise: Promise<void>,
	host: FakeHost,
): Promise<boolean> {
	let settled = false;
	void promise.then(() => {
		settled = true;
	});
	host.turn();
	await Promise.resolve().then().then().then();
	await new Promise((resolve) => setImmediate(resolve));
	return settled;
}

const connectionsOf = (gateway: Gateway) => gateway.status().connections;

describe("a gateway whose state broke", () => {
	test("ERR3 cuts off who does not answer its close frame", () => {
		const { host, gateway, timmy, breakState } = arrange();
		timmy.socket.answers = false;
		breakState();
		host.advance(CLOSE_TIMEOUT - 1);
		expect(timmy.socket.terminated).toBe(false);
		host.advance(1);
		expect(timmy.socket.terminated).toBe(true);
		expect(connectionsOf(gateway)).toBe(0);
	});

	test("ERR3 cuts off a newcomer that does not answer either", () => {
		const { host, gateway, breakState } = arrange();
		breakState();
		const late = createClient(gateway, host);
		late.socket.answers = false;
		expect(late.socket.closing).toMatchObject({ code: 1011 });
		host.advance(CLOSE_TIMEOUT);
		expect(late.socket.terminated).toBe(true);
		expect(connectionsOf(gateway)).toBe(0);
	});

	test("ERR3 SH2 is closed by its host once all sockets are gone", async () => {
		const { host, gateway, timmy, breakState } = arrange();
		timmy.socket.answers = false;
		breakState();
		const closed = gateway.close();
		expect(await isSettled(closed, host)).toBe(false);
		host.advance(CLOSE_TIMEOUT);
		expect(await isSettled(closed, host)).toBe(true);
	});

	test("ERR3 SH2 while its host closes it is closed all the same", async () => {
		const { host, gateway, timmy } = arrange();
		const ada = createClient(gateway, host);
		ada.register("ada");
		timmy.socket.close = () => {
			throw new Error("planted");
		};
		const closed = gateway.close({ timeout: CLOSE_TIMEOUT });
		expect(ada.socket.closing).toMatchObject({ code: 1011 });
		host.advance(CLOSE_TIMEOUT);
		expect(await isSettled(closed, host)).toBe(true);
		expect(connectionsOf(gateway)).toBe(0);
	});
});
