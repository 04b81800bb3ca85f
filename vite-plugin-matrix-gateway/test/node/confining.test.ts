/** What one peer can take of the process: memory by what it does not finish, and time by what it floods. */
import { once } from "node:events";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { constants, deflateRawSync } from "node:zlib";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Gateway } from "../../src/core/gateway.ts";
import { attach } from "../../src/node/attach.ts";
import {
	createGateway,
	type NodeGatewayOptions,
} from "../../src/node/create-gateway.ts";
import { unfinishedAccountOf } from "../../src/node/unfinished-messages.ts";
import { type Certificate, makeCertificate } from "../support/certificate.ts";
import { COMPRESSED, frame, OPCODE, textFrame } from "../support/frames.ts";
import { type Peer, upgradeRaw } from "../support/peer.ts";
import { LONG_SILENCE } from "../support/silence.ts";
import { until } from "../support/until.ts";

let certificate: Certificate;
beforeAll(() => {
	certificate = makeCertificate();
});

interface Way {
	readonly tls?: boolean;
	readonly headers?: Record<string, string>;
	/** What becomes of a stream before the gateway has it. */
	readonly prepare?: (stream: Duplex) => void;
	readonly token?: string;
	readonly nativeIo?: "auto" | "off";
}

const DEFLATE = { "Sec-WebSocket-Extensions": "permessage-deflate" };

/** The ways in which what comes is read. */
const WAYS: readonly (readonly [string, Way])[] = [
	["read directly", {}],
	["read by the stream", { prepare: hideHandle }],
	["read by the stream, as asked for", { nativeIo: "off" }],
	["over TLS", { tls: true }],
	["where compression is agreed on", { headers: DEFLATE }],
	["by one whose token is wrong", { token: "s3cret" }],
];

/** As on a Node whose handles have changed. */
function hideHandle(stream: Duplex): void {
	Object.assign(Reflect.get(stream, "_handle"), { useUserBuffer: undefined });
}

interface Started {
	readonly gateway: Gateway;
	/** The server's ends, in the order in which they came. */
	readonly streams: readonly Duplex[];
	join(): Promise<Peer>;
}

async function start(
	{ tls = false, headers, prepare, token, nativeIo = "auto" }: Way = {},
	options: NodeGatewayOptions = {},
): Promise<Started> {
	const gateway = createGateway({
		nativeIo,
		registerTimeout: LONG_SILENCE,
		closeTimeout: LONG_SILENCE,
		compression: headers === DEFLATE,
		...options,
	});
	const server = tls ? createHttps(certificate) : createHttp();
	const streams: Duplex[] = [];
	server.on("upgrade", (_, stream: Duplex) => {
		prepare?.(stream);
		streams.push(stream);
	});
	const detach = attach(server, gateway, token ? { token } : {});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	onTestFinished(async () => {
		detach();
		for (const stream of streams) stream.destroy();
		await gateway.close({ timeout: 0 });
		server.close();
	});
	return {
		gateway,
		streams,
		async join() {
			const scheme = tls ? "wss" : "ws";
			const url = `${scheme}://127.0.0.1:${port}/ws/matrix`;
			const peer = await upgradeRaw(url, headers);
			onTestFinished(() => void peer.socket.destroy());
			return peer;
		},
	};
}

/** So many text fragments of a byte, and no end. */
function fragments(count: number): Buffer {
	const middle = frame({
		opcode: OPCODE.continuation,
		final: false,
		payload: "x",
	});
	const first = frame({ final: false, payload: "x" });
	return Buffer.concat([first, ...Array(count - 1).fill(middle)]);
}

/** Its end is not there. */
function half(bytes: number): Buffer {
	return frame({ payload: "x".repeat(bytes) }).subarray(0, -1);
}

async function inSegments(peer: Peer, bytes: Buffer): Promise<void> {
	for (const byte of bytes) {
		const written = new Promise((resolve) =>
			peer.socket.write(Buffer.from([byte]), resolve),
		);
		await written;
	}
}

describe.each(WAYS)("CON9 an unfinished message %s", (_, way) => {
	/** What it is charged with once so many bytes of it have come. */
	async function chargeFor(gateway: Gateway, bytes: number): Promise<number> {
		const account = unfinishedAccountOf(gateway);
		return until(
			() => account.bytes,
			(charged) => charged >= bytes,
		);
	}

	test("takes what has come of it, twice at most, in fragments of a byte", async () => {
		const { gateway, join } = await start(way);
		const peer = await join();
		peer.socket.write(fragments(16_000));
		const charged = await chargeFor(gateway, 16_000);
		expect(charged).toBeLessThan(2 * 16_000 + 2_000);
	});

	test("so it does with pings and pongs between them", async () => {
		const { gateway, join } = await start(way);
		const peer = await join();
		const pong = frame({ opcode: OPCODE.pong, payload: "x" });
		const [first, rest] = [fragments(1), fragments(2).subarray(7)];
		peer.socket.write(
			Buffer.concat([first, ...Array(3_000).fill([pong, rest]).flat()]),
		);
		const charged = await chargeFor(gateway, 3_001);
		expect(charged).toBeLessThan(2 * 3_001 + 2_000);
	});

	test("and in one frame that comes a byte at a time", async () => {
		const { gateway, join } = await start(way);
		const peer = await join();
		await inSegments(peer, half(100_000).subarray(0, 2_000));
		const charged = await chargeFor(gateway, 1_980);
		expect(charged).toBeLessThan(2 * 2_000 + 2_000);
	});

	test("is given back with its end, and with its connection", async () => {
		const { gateway, join } = await start(way);
		const [finishing, leaving] = [await join(), await join()];
		leaving.socket.write(half(5_000));
		await chargeFor(gateway, 5_000);
		finishing.socket.write(fragments(5_000));
		await chargeFor(gateway, 10_000);
		leaving.socket.destroy();
		const last = { opcode: OPCODE.continuation, payload: "x" };
		finishing.socket.write(frame(last));
		const account = unfinishedAccountOf(gateway);
		await until(
			() => account.bytes,
			(bytes) => bytes === 0,
		);
		expect(account.owners.size).toBe(0);
	});
});

describe.each(WAYS.filter(([, { token }]) => !token))(
	"CON9 unfinished messages %s",
	(_, way) => {
		const maxPayload = 10_000;
		const maxUnfinishedBytes = 50_000;

		test("past the bound the longest unfinished goes with 4204, and others go on", async () => {
			const { join, gateway } = await start(way, {
				maxPayload,
				maxUnfinishedBytes,
			});
			const honest = await join();
			honest.socket.write(textFrame({ type: "agent_register", agentId: "a" }));
			await honest.nextMessage("agent_registered");
			await honest.nextMessage("agent_joined");
			const peers: Peer[] = [];
			for (let n = 0; n < 6; n++) {
				const peer = await join();
				peer.socket.write(n % 2 ? half(8_000) : fragments(8_000));
				peers.push(peer);
				await until(
					() => unfinishedAccountOf(gateway).owners.size,
					(size) => size >= Math.min(n + 1, 2),
				);
			}
			const [oldest, newest] = [peers[0], peers.at(-1)] as [Peer, Peer];
			expect(await oldest.closeCode()).toBe(4204);
			await oldest.hungUp;
			expect(unfinishedAccountOf(gateway).bytes).toBeLessThanOrEqual(
				maxUnfinishedBytes,
			);
			// The newest finishes, and is answered: it was no JSON.
			newest.socket.write(Buffer.from("x"));
			await newest.nextMessage("gateway_hello");
			await newest.nextMessage("gateway_error");
			honest.socket.write(textFrame({ type: "ping" }));
			await honest.nextMessage("pong");
		});

		test("who finishes one and begins another has waited from there", async () => {
			const { join, gateway } = await start(way, {
				maxPayload,
				maxUnfinishedBytes: 0,
			});
			const { owners } = unfinishedAccountOf(gateway);
			const waiting = (size: number) =>
				until(
					() => owners.size,
					(found) => found === size,
				);
			const [sender, idler, last] = [await join(), await join(), await join()];
			sender.socket.write(half(9_000));
			await waiting(1);
			idler.socket.write(half(9_000));
			await waiting(2);
			sender.socket.write(Buffer.concat([Buffer.from("x"), half(5_000)]));
			await sender.nextMessage("gateway_hello");
			await sender.nextMessage("gateway_error");
			last.socket.write(half(9_000));
			expect(await idler.closeCode()).toBe(4204);
			sender.socket.write(Buffer.from("x"));
			await sender.nextMessage("gateway_error");
		});

		test("the largest message has room, however small the bound", async () => {
			const { join } = await start(way, { maxPayload, maxUnfinishedBytes: 0 });
			const peer = await join();
			const text = JSON.stringify({ type: "x", pad: "x".repeat(9_000) });
			const cut = 5_000;
			const parts = [
				frame({ final: false, payload: text.slice(0, cut) }),
				frame({ opcode: OPCODE.continuation, payload: text.slice(cut) }),
			];
			await inSegments(peer, Buffer.concat(parts));
			peer.socket.write(textFrame({ type: "ping" }));
			await peer.nextMessage("gateway_hello");
			await peer.nextMessage("pong");
		});
	},
);

test("CON9 CMP3 what was inflated of an unfinished message takes what it is, too", async () => {
	const { gateway, join } = await start({ headers: DEFLATE });
	const peer = await join();
	const compressed = deflateRawSync("x".repeat(2_000), {
		finishFlush: constants.Z_SYNC_FLUSH,
	});
	const parts = [...compressed.subarray(0, -4)].map((byte, n) =>
		frame({
			opcode: n === 0 ? OPCODE.text : OPCODE.continuation,
			reserved: n === 0 ? COMPRESSED : 0,
			final: false,
			payload: Buffer.from([byte]),
		}),
	);
	peer.socket.write(Buffer.concat(parts));
	const account = unfinishedAccountOf(gateway);
	const charged = await until(
		() => account.bytes,
		(bytes) => bytes >= 1_500,
	);
	expect(charged).toBeLessThan(2 * 2_000 + 2_000);
});

describe.each(WAYS)("a flood %s", (_, way) => {
	test("is read 64 KiB a turn", async () => {
		const { streams, join } = await start(way);
		const peer = await join();
		const stream = streams[0] as Duplex;
		const bytes = () => received(stream);
		// More than the kernel takes at once, so that each read is a full one.
		const ping = frame({ opcode: OPCODE.pong, payload: "x".repeat(100) });
		const before = bytes();
		peer.socket.write(Buffer.concat(Array(20_000).fill(ping)));
		let most = 0;
		for (let last = before; last < before + 2_000_000; ) {
			await new Promise((resolve) => setImmediate(resolve));
			most = Math.max(most, bytes() - last);
			last = bytes();
		}
		// Below TLS two reads may come to one turn, the first of up to 16 KiB.
		expect(most).toBeLessThanOrEqual((way.tls ? 80 : 64) * 1024);
	});
});

test("CON12 of a flood of messages that take their time some are done in a turn, and the rest in the next ones", async () => {
	const { gateway, join } = await start();
	const done: string[] = [];
	const { open } = gateway;
	Object.assign(gateway, {
		open(...given: Parameters<typeof open>) {
			const inner = open(...given);
			const receive = (payload: Uint8Array) => {
				done.push(Buffer.from(payload).toString());
				spend(0.05);
			};
			const { id } = inner;
			return {
				...{ id, receive, alive() {}, failed() {}, ending() {} },
				closed: (code: number) => inner.closed(code),
			};
		},
	});
	const peer = await join();
	const sent = Array.from({ length: 10_000 }, (_, n) => String(n));
	peer.socket.write(Buffer.concat(sent.map(textFrame)));
	let most = 0;
	for (let last = 0; last < sent.length; last = done.length) {
		await new Promise((resolve) => setImmediate(resolve));
		most = Math.max(most, done.length - last);
	}
	expect(done).toEqual(sent);
	// A part of a read has 400 of them, a whole one 6,500.
	expect(most).toBeLessThan(1_000);
});

function spend(milliseconds: number): void {
	const end = performance.now() + milliseconds;
	while (performance.now() < end);
}

/** What came from the network. */
function received(stream: Duplex): number {
	const { _handle } = stream as Duplex & {
		readonly _handle: { bytesRead: number; _parent?: { bytesRead: number } };
	};
	return (_handle._parent ?? _handle).bytesRead;
}
