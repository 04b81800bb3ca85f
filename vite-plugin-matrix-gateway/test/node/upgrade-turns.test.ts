import { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { attach } from "../../src/node/attach.ts";
import { countsOf } from "../../src/node/connection-limits.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import { whenItsTurn } from "../../src/node/upgrade-turns.ts";

test("so many go on in one turn, and those that wait first in the next one", async () => {
	await nextTurn();
	const order: number[] = [];
	const ask = (name: number) => {
		const turn = whenItsTurn();
		if (turn) turn.then(() => order.push(name));
		else order.push(name);
	};
	for (let name = 0; name < 80; name++) ask(name);
	const counts = [order.length];
	await nextTurn();
	counts.push(order.length);
	// Behind those who came before it.
	ask(80);
	await nextTurn();
	counts.push(order.length);
	expect(counts).toEqual([32, 64, 81]);
	expect(order).toEqual(Array.from({ length: 81 }, (_, name) => name));
});

/** Upgrades that all come in one turn of the event loop, whose tokens nobody ever judges. */
function arrange(maxConnections: number) {
	const server = new EventEmitter();
	const gateway = createGateway();
	const authenticate = vi.fn(() => new Promise<null>(() => {}));
	onTestFinished(
		attach(server, gateway, {
			...{ authenticate, maxConnections, authenticateTimeout: 100 },
		}),
	);
	onTestFinished(() => gateway.close({ timeout: 0 }));
	const upgrade = () => {
		const socket = new PassThrough();
		onTestFinished(() => void socket.destroy());
		const headers = { host: "localhost", upgrade: "websocket" };
		const request = { method: "GET", url: "/ws/matrix", headers, socket: {} };
		server.emit("upgrade", request as IncomingMessage, socket, Buffer.alloc(0));
		return socket;
	};
	return { authenticate, upgrade, counts: countsOf(gateway) };
}

test("CON13 a crowd is judged in turns, and one that has gone by then is not", async () => {
	await nextTurn();
	const { authenticate, upgrade, counts } = arrange(1_000);
	const sockets = Array.from({ length: 40 }, upgrade);
	expect(counts.all).toBe(40);
	sockets.at(-1)?.destroy();
	await Promise.resolve();
	await vi.waitFor(() => expect(authenticate).toHaveBeenCalledTimes(39));
	await nextTurn();
	await nextTurn();
	expect(authenticate).toHaveBeenCalledTimes(39);
});

test("CON13 whom there is no room for is refused before its turn", () => {
	const { upgrade, counts } = arrange(60);
	const sockets = Array.from({ length: 100 }, upgrade);
	const answers = sockets.map((socket) => String(socket.read() ?? ""));
	expect(answers.filter((text) => text.includes(" 503 "))).toHaveLength(40);
	expect(counts.all).toBe(60);
});
