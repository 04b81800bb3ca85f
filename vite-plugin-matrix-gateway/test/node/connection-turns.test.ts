import diagnostics from "node:diagnostics_channel";
import { once } from "node:events";
import { createServer } from "node:http";
import { createSecureServer } from "node:http2";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { afterEach, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { attach } from "../../src/node/attach.ts";
import { FEW, takeTurns } from "../../src/node/connection-turns.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import { type Certificate, makeCertificate } from "../support/certificate.ts";

let certificate: Certificate;
beforeAll(() => {
	certificate = makeCertificate();
});
afterEach(() => void vi.restoreAllMocks());

const SERVERS = {
	http: () => createServer(),
	https: () => createTlsServer(certificate),
};

/** Counts what comes in each turn of the loop, and knows the most. */
function countInTurns() {
	let inTurn = 0;
	let most = 0;
	const note = () => {
		if (inTurn++ === 0)
			setImmediate(() => {
				inTurn = 0;
			});
		most = Math.max(most, inTurn);
		return inTurn;
	};
	return { note, most: () => most };
}

/** A server of which it is known how many requests it read in each turn of its loop. */
async function arrange({
	kind = "http" as keyof typeof SERVERS,
	/** Milliseconds that each turn takes. */
	turn = 0,
	take = takeTurns,
} = {}) {
	let now = 1_000;
	vi.spyOn(performance, "now").mockImplementation(() => now);
	const server = SERVERS[kind]() as ReturnType<typeof createServer>;
	const order: string[] = [];
	const { note, most } = countInTurns();
	const count = ({ url = "" }) => {
		order.push(url);
		if (note() === 1) now += turn;
	};
	server.on("request", (request, response) => {
		count(request);
		response.end();
	});
	const turns = take(server);
	server.on("upgrade", (request, socket) => {
		turns.upgraded(socket);
		count(request);
		// Its peer may have gone.
		socket
			.on("error", () => {})
			.write("HTTP/1.1 101 Switching Protocols\r\n\r\n");
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	const connected = kind === "http" ? "connection" : "secureConnection";
	onTestFinished(() => {
		turns.end();
		server.close();
	});

	const peers: Socket[] = [];

	async function open(): Promise<Socket> {
		const accepted = once(server, connected);
		const socket =
			kind === "http"
				? connect(port, "127.0.0.1")
				: connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false });
		// It may be reset.
		socket.on("error", () => {});
		const [peer] = await accepted;
		peers.push(peer);
		onTestFinished(() => void socket.destroy());
		onTestFinished(() => void peer.destroy());
		return socket;
	}

	async function openMany(size: number) {
		const sockets: Socket[] = [];
		while (sockets.length < size) sockets.push(await open());
		return sockets;
	}

	return { server, turns, order, most, peers, openMany };
}

function ask(socket: Socket, path: string | number, more = ""): void {
	socket.write(`GET /${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`);
}

const UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\n";

/** Resolves when each has been answered. */
function answersOf(sockets: Socket[]) {
	return Promise.all(sockets.map((socket) => once(socket, "data")));
}

/** All ask at once. Resolves when each has been answered. */
function askAll(sockets: Socket[], path: string, more = "") {
	const answers = answersOf(sockets);
	for (const socket of sockets) ask(socket, path, more);
	return answers;
}

/** Node's handle of one that is held has a `readStart` of its own. */
function isHeld(socket: Duplex): boolean {
	const { _handle } = socket as Duplex & { _handle?: object | null };
	return Boolean(_handle && Object.hasOwn(_handle, "readStart"));
}

test.each([
	["handshakes", "http", UPGRADE],
	["requests", "http", ""],
	["handshakes", "https", UPGRADE],
	["requests", "https", ""],
] as const)(
	"CON11 of many first %s that come at once over %s a few are read in each turn, those first who came first",
	async (_, kind, more) => {
		const { most, openMany, order } = await arrange({ kind });
		const sockets = await openMany(100);
		const answers = answersOf(sockets);
		for (const [index, socket] of sockets.entries()) ask(socket, index, more);
		await answers;
		expect(most()).toBe(FEW);
		expect(order).toHaveLength(100);
		// Among those who are read in one turn it is the operating system that says who is first.
		const late = order.slice(-20).map((path) => Number(path.slice(1)));
		expect(Math.min(...late)).toBeGreaterThanOrEqual(60);
	},
);

test.each([
	[10, 20],
	[10_000, 30],
])(
	"CON11 where turns take %i ms, up to %i are read in each",
	async (turn, many) => {
		const { most, openMany, order } = await arrange({ turn });
		const sockets = await openMany(100);
		await askAll(sockets, "");
		expect(order).toHaveLength(100);
		expect(most()).toBe(many);
	},
);

test("CON11 only what comes first of a connection waits", async () => {
	const { most, openMany, order } = await arrange();
	const sockets = await openMany(100);
	for (const path of ["first", "second"]) {
		expect(most()).toBeLessThanOrEqual(FEW);
		await askAll(sockets, path);
	}
	expect(order).toHaveLength(200);
	expect(most()).toBeGreaterThan(FEW);
});

test("CON11 nobody waits long for those who say nothing", async () => {
	const { openMany, order } = await arrange();
	const silent = await openMany(1_000);
	const crowd = await openMany(20);
	await askAll(crowd, "crowd");
	const [late] = await openMany(1);
	const turns = await turnsUntil(askAll([late as Socket], "late"));
	// To look at all one has to look at 64, 128, 256, 512 and the rest.
	expect(turns).toBeLessThan(16);
	await askAll(silent, "silent");
	expect(order).toHaveLength(1_021);
});

async function turnsUntil(done: Promise<unknown>): Promise<number> {
	let isDone = false;
	done.then(() => {
		isDone = true;
	});
	let turns = 0;
	for (; !isDone; turns++) await nextTurn();
	return turns;
}

test("CON11 who goes while it is held is forgotten", async () => {
	const { server, peers, openMany, order } = await arrange();
	const sockets = await openMany(200);
	server.once("request", () => {
		setImmediate(() => {
			for (const peer of peers.slice(100)) peer.destroy();
		});
	});
	const answers = answersOf(sockets.slice(0, 100));
	for (const socket of sockets) ask(socket, "");
	expect(await turnsUntil(answers)).toBeLessThan(40);
	expect(order.length).toBeLessThanOrEqual(100 + 2 * FEW);
});

test("CON11 nothing is left on a connection whose request was read", async () => {
	const { peers, openMany } = await arrange();
	const sockets = await openMany(20);
	const counts = () => peers.map((peer) => peer.listenerCount("close"));
	const before = counts();
	await askAll(sockets, "");
	expect(counts()).toEqual(before.map((count) => count - 1));
});

test("CON11 a tunnel is not held", async () => {
	const { server, openMany } = await arrange();
	const tunnels: Duplex[] = [];
	server.on("connect", (_, socket) => {
		tunnels.push(socket);
		onTestFinished(() => void socket.destroy());
		socket.write("HTTP/1.1 200 Connected\r\n\r\n");
	});
	const held: boolean[] = [];
	server.on("request", () => {
		held.push(tunnels.some(isHeld));
	});
	const sockets = await openMany(5);
	const connected = answersOf(sockets);
	for (const socket of sockets)
		socket.write("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n");
	await connected;
	const crowd = await openMany(20);
	await askAll(crowd, "");
	expect(tunnels).toHaveLength(5);
	expect(held).toHaveLength(20);
	expect(held).not.toContain(true);
});

test("CON11 a request that Node refuses by itself is one", async () => {
	const { openMany } = await arrange();
	const sockets = await openMany(60);
	const ended = Promise.all(sockets.map((socket) => once(socket, "close")));
	const { note, most } = countInTurns();
	const channel = diagnostics.channel("http.server.request.start");
	const count = () => void note();
	channel.subscribe(count);
	onTestFinished(() => void channel.unsubscribe(count));
	for (const socket of sockets) {
		socket.resume();
		socket.write("GET / HTTP/1.1\r\n\r\n");
	}
	await ended;
	expect(most()).toBe(FEW);
});

test("CON11 who was upgraded is not held any more, even where another request was read with it", async () => {
	const { server, openMany } = await arrange();
	const upgraded: Duplex[] = [];
	const held: boolean[] = [];
	server.on("upgrade", (_, socket) => {
		upgraded.push(socket);
		if (upgraded.length === 20) socket.write("all");
	});
	server.on("request", () => {
		held.push(upgraded.some((socket) => isHeld(socket)));
	});
	const sockets = await openMany(20);
	const all = Promise.any(sockets.map((socket) => heard(socket, "all")));
	const request = "GET / HTTP/1.1\r\nHost: localhost\r\n";
	for (const socket of sockets)
		socket.write(`${request}\r\n${request}${UPGRADE}\r\n`);
	await all;
	const crowd = await openMany(20);
	await askAll(crowd, "crowd");
	expect(held).toHaveLength(40);
	expect(held).not.toContain(true);
});

function heard(socket: Socket, text: string): Promise<void> {
	return new Promise((resolve) => {
		socket.on("data", (bytes) => {
			if (String(bytes).includes(text)) resolve();
		});
	});
}

test("CON11 when turns end, all who are held are read, and the server is as it was", async () => {
	const { server, turns, peers, openMany, order } = await arrange();
	const listeners = server.listenerCount("connection");
	const sockets = await openMany(100);
	let held = 0;
	server.once("request", () => {
		// After the last one of this turn.
		setImmediate(() => {
			held = peers.filter(isHeld).length;
			turns.end();
		});
	});
	await askAll(sockets, "");
	expect(held).toBeGreaterThan(0);
	expect(peers.some(isHeld)).toBe(false);
	expect(order).toHaveLength(100);
	expect(server.listenerCount("connection")).toBe(listeners - 1);
});

test("where two take turns on one server, it has those of both", async () => {
	const { most, openMany, order } = await arrange({
		take(server) {
			const both = [takeTurns(server), takeTurns(server)];
			return {
				upgraded: (socket) => both.map((one) => one.upgraded(socket)),
				end: () => both.map((one) => one.end()),
			};
		},
	});
	const sockets = await openMany(60);
	const answers = answersOf(sockets);
	for (const [index, socket] of sockets.entries())
		ask(socket, "", index % 2 ? UPGRADE : "");
	await answers;
	expect(order).toHaveLength(60);
	expect(most()).toBe(FEW);
});

test("a server of HTTP/2 is left alone, since to ask it for requests changes its streams", () => {
	const server = createSecureServer({ ...certificate, allowHTTP1: true });
	const events = () =>
		server.eventNames().map((name) => [name, server.listenerCount(name)]);
	const before = events();
	takeTurns(server);
	expect(events()).toEqual(before);
});

test("CON11 a gateway has those who connect take turns, and listens for upgrades once", async () => {
	const gateway = createGateway();
	const { server, most, openMany, order } = await arrange({
		take(server) {
			const detach = attach(server as ReturnType<typeof createServer>, gateway);
			return { upgraded() {}, end: detach };
		},
	});
	onTestFinished(() => gateway.close({ timeout: 0 }));
	expect(server.listenerCount("upgrade")).toBe(2);
	const sockets = await openMany(60);
	await askAll(sockets, "elsewhere", UPGRADE);
	expect(order).toHaveLength(60);
	expect(most()).toBe(FEW);
});
