/** How long a peer that does not answer a close frame is waited for, on real sockets. */
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { Gateway } from "../../src/core/gateway.ts";
import type { GatewayOptions } from "../../src/core/protocol/options.ts";
import { attach } from "../../src/node/attach.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import { NATIVE_IO } from "../support/native-io.ts";
import { until } from "../support/until.ts";

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
	for (const stop of stops.splice(0)) await stop();
});

async function start(options: GatewayOptions, token?: string) {
	const gateway = createGateway({ ...NATIVE_IO, ...options });
	const server = createServer();
	attach(server, gateway, { token });
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	stops.push(async () => {
		await gateway.close({ timeout: 0 });
		server.closeAllConnections();
		server.close();
	});
	const { port } = server.address() as AddressInfo;
	return { gateway, port };
}

/** A WebSocket that was accepted and then neither answers nor ends anything. */
async function connectSilent(port: number): Promise<Socket> {
	const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
	stops.push(() => void socket.destroy());
	socket.on("error", () => {});
	socket.write(
		"GET /ws/matrix HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
	);
	await once(socket, "data");
	return socket;
}

/** Once the gateway's end is gone, what is written to it is answered with a reset. */
async function isCutOff(socket: Socket): Promise<void> {
	socket.resume();
	const writing = setInterval(() => socket.write(Buffer.alloc(1)), 20);
	await new Promise((resolve) => socket.once("close", resolve));
	clearInterval(writing);
}

async function millisecondsUntilEmpty(gateway: Gateway): Promise<number> {
	const start = performance.now();
	await until(
		() => gateway.status().connections,
		(connections) => connections === 0,
	);
	return performance.now() - start;
}

describe("a peer that does not answer a close frame", () => {
	test("SLOW3 is waited for as long as closeTimeout says, not as ws would", async () => {
		const { gateway, port } = await start({
			requireRegistration: true,
			registerTimeout: 0,
			closeTimeout: 2_600,
		});
		await connectSilent(port);
		expect(await millisecondsUntilEmpty(gateway)).toBeGreaterThan(2_400);
	});

	test("SLOW3 is cut off after it", async () => {
		const { gateway, port } = await start({
			requireRegistration: true,
			registerTimeout: 0,
			closeTimeout: 100,
		});
		await connectSilent(port);
		expect(await millisecondsUntilEmpty(gateway)).toBeLessThan(2_000);
	});

	test("SH2 is waited for as long as the shutdown says", async () => {
		const { gateway, port } = await start({ closeTimeout: 100 });
		await connectSilent(port);
		const started = performance.now();
		await gateway.close({ timeout: 2_600 });
		expect(performance.now() - started).toBeGreaterThan(2_400);
	});

	test.each([
		["a close frame of its own", [0x88, 0x80, 0, 0, 0, 0]],
		["a frame that is broken", [0xff, 0x80, 0, 0, 0, 0]],
	])("SLOW3 after %s it is cut off", async (_, bytes) => {
		const { gateway, port } = await start({ closeTimeout: 100 });
		const socket = await connectSilent(port);
		socket.write(Buffer.from(bytes));
		await isCutOff(socket);
		expect(gateway.status().connections).toBe(0);
	});

	test("CON4 a refused token is cut off after closeTimeout", async () => {
		const { port } = await start({ closeTimeout: 100 }, "sesame");
		const socket = await connectSilent(port);
		await isCutOff(socket);
	});
});

test("CON5 what the client is told and what it is held to are one", async () => {
	const { gateway } = await start({ maxPayload: 1_000 });
	expect(gateway.maxPayload).toBe(1_000);
	expect(() => createGateway({ maxPayload: 0 })).toThrow(/maxPayload.*from 1/);
});
