import { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import { Duplex } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { attach } from "../../src/node/attach.ts";
import { countsOf } from "../../src/node/connection-limits.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import { itsTurn } from "../../src/node/upgrade-turns.ts";

afterEach(() => void vi.restoreAllMocks());

/** A clock that goes on only with the work that is done. */
async function useClock() {
	// What ran before has its end.
	await nextTurn();
	await nextTurn();
	let now = 1_000;
	vi.spyOn(performance, "now").mockImplementation(() => now);
	const work = (milliseconds: number) => {
		now += milliseconds;
	};
	return { work };
}

/** Some come at once, each of which takes half a millisecond, and how many were let in. */
async function arrangeCrowd(size: number) {
	const { work } = await useClock();
	const done: number[] = [];
	const come = async (name: number) => {
		await itsTurn();
		work(0.5);
		done.push(name);
	};
	for (let name = 0; name < size; name++) come(name);
	const countTurn = async () => {
		const before = done.length;
		await nextTurn();
		return done.length - before;
	};
	return { work, come, done, countTurn };
}

test("some are let in in each turn, those first who came first", async () => {
	const { come, done, countTurn } = await arrangeCrowd(7);
	// At once, and when the turn ends.
	expect(await countTurn()).toBe(4);
	come(7);
	expect(await countTurn()).toBe(2);
	expect(await countTurn()).toBe(2);
	expect(done).toEqual(Array.from({ length: 8 }, (_, name) => name));
	expect(await countTurn()).toBe(0);
});

test("where turns take long, those who come have a third of that, up to 15 ms", async () => {
	const { work, countTurn } = await arrangeCrowd(100);
	await countTurn();
	work(12);
	expect(await countTurn()).toBe(9);
	expect(await countTurn()).toBe(3);
	work(10_000);
	expect(await countTurn()).toBe(30);
	while ((await countTurn()) > 0);
});

/** Upgrades that all come in one turn of the event loop; half a millisecond goes by for each that is let in. */
async function arrange(maxConnections = 1_000) {
	const { work } = await useClock();
	const server = new EventEmitter();
	const connected = vi.fn(() => work(0.5));
	const gateway = createGateway({
		onEvent: ({ event }) => void (event === "connected" && connected()),
	});
	onTestFinished(attach(server, gateway, { maxConnections }));
	onTestFinished(() => gateway.close({ timeout: 0 }));
	const upgrade = () => {
		const told: string[] = [];
		const socket = new Duplex({
			read() {},
			write(chunk, _, done) {
				told.push(String(chunk));
				done();
			},
		});
		onTestFinished(() => void socket.destroy());
		server.emit("upgrade", REQUEST, socket, Buffer.alloc(0));
		return { socket, told };
	};
	return { connected, gateway, upgrade, counts: countsOf(gateway) };
}

const REQUEST = {
	method: "GET",
	url: "/ws/matrix",
	headers: {
		host: "localhost",
		upgrade: "websocket",
		connection: "upgrade",
		"sec-websocket-version": "13",
		"sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
	},
	socket: {},
} as unknown as IncomingMessage;

test("CON11 a crowd is let in in turns, but whoever has gone by its turn", async () => {
	const { connected, upgrade, counts } = await arrange();
	const crowd = Array.from({ length: 40 }, upgrade);
	expect(counts.all).toBe(40);
	crowd.at(-1)?.socket.destroy();
	await nextTurn();
	expect(connected.mock.calls.length).toBeLessThan(20);
	for (let turn = 0; turn < 20; turn++) await nextTurn();
	expect(connected).toHaveBeenCalledTimes(39);
});

test("CON13 whom there is no room for is refused before its turn", async () => {
	const { upgrade, counts } = await arrange(60);
	const crowd = Array.from({ length: 100 }, upgrade);
	const refused = crowd.filter(({ told }) => told.join("").includes(" 503 "));
	expect(refused).toHaveLength(40);
	expect(counts.all).toBe(60);
});

test("CON7 who waits for its turn when the gateway closes is told to come back", async () => {
	const { connected, gateway, upgrade } = await arrange();
	const crowd = Array.from({ length: 40 }, upgrade);
	await nextTurn();
	const before = connected.mock.calls.length;
	expect(before).toBeLessThan(20);
	gateway.close({ timeout: 0 });
	for (let turn = 0; turn < 20; turn++) await nextTurn();
	expect(connected).toHaveBeenCalledTimes(before);
	const refused = crowd.filter(({ told }) => told.join("").includes(" 503 "));
	expect(refused).toHaveLength(40 - before);
});
