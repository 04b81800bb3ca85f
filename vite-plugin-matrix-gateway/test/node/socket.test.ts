import type { Socket } from "node:net";
import { constants, deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { toWireSocket, type WireSocket } from "../../src/core/edge/framing.ts";
import type { Socket as GatewaySocket } from "../../src/core/edge/host.ts";
import type { ConnectionHandle, Gateway } from "../../src/core/gateway.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import { encodeTextFrame } from "../../src/node/frame.ts";
import { createNativeIo } from "../../src/node/native-io.ts";
import { withNativeIo } from "../../src/node/node-gateway.ts";
import { GatewayWebSocket } from "../../src/node/socket.ts";
import { COMPRESSED, frame, OPCODE, textFrame } from "../support/frames.ts";
import { useHttpServer } from "../support/http-server.ts";
import { type Peer, upgradeRaw } from "../support/peer.ts";
import { until } from "../support/until.ts";

const MIB = 1024 * 1024;

/** What the gateway is given of one connection. */
interface Joined {
	readonly peer: Peer;
	/** The server's end. */
	readonly stream: Socket;
	readonly socket: WireSocket;
	readonly messages: string[];
	readonly closed: Promise<number>;
	/** Resolves when so many messages have come. */
	came(count: number): Promise<void>;
}

/** What of a gateway no socket asks for. */
const NO_GATEWAY: Omit<Gateway, "open"> = {
	nodeId: "node",
	maxPayload: MIB,
	maxUnfinishedBytes: 4 * MIB,
	closeTimeout: 2_000,
	flushWindow: 5,
	compresses: false,
	draining: false,
	ready: true,
	health: undefined,
	status() {
		throw new Error("nobody asks");
	},
	regrant() {},
	revoke() {},
	isRevoked: () => false,
	regrants: 0,
	isStale: () => false,
	judgeWaiting() {},
	disconnect: () => false,
	meters() {
		throw new Error("nobody asks");
	},
	inspect() {
		throw new Error("nobody asks");
	},
	tap: () => () => {},
	close: () => Promise.resolve(),
	handOver: () => Promise.resolve(undefined),
};

/** The ways in which sockets are read and written. */
const WAYS = ["auto", "off"] as const;

/** That of the gateway that only writes down. */
let nativeIo: (typeof WAYS)[number] = "auto";

const local = useHttpServer();
const { server: http } = local;

/** Joins a peer on a bare TCP socket to a gateway, by default to one that only writes down. */
async function join(to?: Gateway, perMessageDeflate = false): Promise<Joined> {
	const messages: string[] = [];
	const waiting = new Set<() => void>();
	let close: (code: number) => void = () => {};
	const closed = new Promise<number>((resolve) => {
		close = resolve;
	});
	let opened: GatewaySocket | undefined;
	const handle: ConnectionHandle = {
		id: "connection",
		receive(payload, isBinary) {
			messages.push(`${isBinary ? "binary " : ""}${Buffer.from(payload)}`);
			for (const check of waiting) check();
		},
		probe() {},
		alive: () => messages.push("pong"),
		failed: (error) => messages.push(String(error)),
		ending() {},
		closed: close,
	};
	const gateway =
		to ??
		noting((socket) => {
			opened = socket;
			return handle;
		});
	const webSockets = new WebSocketServer({
		noServer: true,
		WebSocket: GatewayWebSocket,
		maxPayload: MIB,
		perMessageDeflate,
	});
	const upgraded = new Promise<Socket>((resolve) => {
		http.once("upgrade", (request, stream, head) =>
			webSockets.handleUpgrade(request, stream, head, (webSocket) => {
				webSocket.connect(gateway, stream, {});
				resolve(stream as Socket);
			}),
		);
	});
	const peer = await upgradeRaw(local.url, {
		"Sec-WebSocket-Extensions": "permessage-deflate",
	});
	const stream = await upgraded;
	return {
		peer,
		stream,
		get socket() {
			return toWireSocket({ encode: encodeTextFrame }, opened as GatewaySocket);
		},
		messages,
		closed,
		came: (count) =>
			new Promise((resolve) => {
				const check = () => messages.length >= count && resolve();
				waiting.add(check);
				check();
			}),
	};
}

function noting(open: Gateway["open"]): Gateway {
	const gateway = { ...NO_GATEWAY, open };
	return withNativeIo(gateway, createNativeIo({ nativeIo }));
}

/** As on a Node whose handles have changed. */
function hideHandle(stream: object): void {
	Object.assign(Reflect.get(stream, "_handle"), { useUserBuffer: undefined });
}

function useWay(way: (typeof WAYS)[number]): void {
	beforeEach(() => {
		nativeIo = way;
	});
	afterEach(() => {
		nativeIo = "auto";
	});
}

const text = (message: string) => encodeTextFrame(message);

describe("below the stream", () => {
	// Fails on a Node whose internals are others, where all else still works, but slower.
	test("a whole text frame does not go through the stream", async () => {
		const { peer, stream, messages, came } = await join();
		const chunks: Buffer[] = [];
		stream.on("data", (chunk) => chunks.push(chunk));
		peer.socket.write(textFrame("one"));
		await came(1);
		expect(messages).toEqual(["one"]);
		expect(chunks).toEqual([]);
	});

	const long = "x".repeat(70_000);
	test.each<[string, Buffer, number]>([
		["a text", textFrame("cut"), 1],
		["a text whose head was not all there", textFrame("cut"), 1],
		["a text longer than a read", textFrame(long), 1],
		["a binary one", frame({ opcode: OPCODE.binary, payload: "cut" }), 1],
		["a pong", frame({ opcode: OPCODE.pong, payload: "cut" }), 1],
		[
			"a message in fragments",
			Buffer.concat([
				frame({ final: false, payload: "c" }),
				frame({ opcode: OPCODE.pong }),
				frame({ opcode: OPCODE.continuation, final: false, payload: "u" }),
				frame({ opcode: OPCODE.continuation, payload: "t" }),
			]),
			2,
		],
	])(
		"after %s that had to be waited for, whole texts go past the stream again",
		async (name, frames, count) => {
			const { peer, stream, messages, came } = await join();
			const cut = name.includes("head") ? 1 : frames.length - 2;
			const begin = Buffer.concat([textFrame("0"), frames.subarray(0, cut)]);
			const end = stream.bytesRead + begin.length;
			peer.socket.write(begin);
			await came(1);
			// It may take several reads, between which others have their turn.
			await until(
				() => stream.bytesRead,
				(read) => read >= end,
			);
			const marker = await join();
			marker.peer.socket.write(textFrame("marker"));
			await marker.came(1);
			let bytes = 0;
			stream.on("data", (chunk) => {
				bytes += chunk.length;
			});
			const rest = frames.subarray(cut);
			// In the same read, and with one more that is cut.
			const next = [
				textFrame("1"),
				textFrame("2"),
				textFrame("3").subarray(0, 4),
			];
			peer.socket.write(Buffer.concat([rest, ...next]));
			await came(1 + count + 2);
			expect(messages.slice(1 + count)).toEqual(["1", "2"]);
			expect(bytes).toBeLessThanOrEqual(rest.length + 4);
			const before = bytes;
			peer.socket.write(textFrame("3").subarray(4));
			await came(1 + count + 3);
			peer.socket.write(Buffer.concat(["4", "5"].map(textFrame)));
			await came(1 + count + 5);
			expect(bytes).toBeLessThanOrEqual(before + textFrame("3").length);
			expect(messages.slice(-3)).toEqual(["3", "4", "5"]);
		},
	);

	// Fails where the one for reading does.
	test("what the kernel takes at once does not go through the stream", async () => {
		const { peer, stream, socket } = await join();
		stream.write = () => {
			throw new Error("it went through the stream");
		};
		expect(socket.writeFrames(text('{"type":"1"}'))).toBe(0);
		expect(socket.bufferedBytes).toBe(0);
		expect(await peer.nextMessage("1")).toEqual({ type: "1" });
	});
});

describe.each(WAYS)("reading, nativeIo %s", (way) => {
	useWay(way);

	test("what the router keeps of a message is not what the next read overwrites", async () => {
		const gateway = createGateway({ nativeIo: way });
		const [keeper, other] = [await join(gateway), await join(gateway)];
		const kept = (n: number) =>
			`{"type":"kept","n":${n},"retain":{"key":"k${n}","scope":"world"}}`;
		keeper.peer.socket.write(
			textFrame('{"type":"agent_register","agentId":"a"}'),
		);
		await keeper.peer.nextMessage("agent_registered");
		await keeper.peer.nextMessage("agent_joined");
		keeper.peer.socket.write(textFrame(kept(1)));
		keeper.peer.socket.write(textFrame('{"type":"ping"}'));
		await keeper.peer.nextMessage("pong");
		other.peer.socket.write(
			textFrame('{"type":"agent_register","agentId":"b"}'),
		);
		await keeper.peer.nextMessage("agent_joined");
		other.peer.socket.write(textFrame(kept(2).replace("kept", "over")));
		await keeper.peer.nextMessage("over");
		const late = await join(gateway);
		late.peer.socket.write(textFrame('{"type":"ping"}'));
		await late.peer.nextMessage("gateway_hello");
		expect(await late.peer.nextMessage("kept")).toEqual(JSON.parse(kept(1)));
		await gateway.close({ timeout: 0 });
	});

	const message = fc.oneof(
		fc.string({ unit: "grapheme", maxLength: 300 }).map((payload) => ({
			frames: [textFrame(payload)],
			message: payload,
		})),
		fc.string({ minLength: 2, maxLength: 300 }).map((payload) => ({
			frames: [
				frame({ final: false, payload: payload.slice(0, 1) }),
				frame({ opcode: OPCODE.pong }),
				frame({ opcode: OPCODE.continuation, payload: payload.slice(1) }),
			],
			message: payload,
		})),
		fc.constant({
			frames: [frame({ opcode: OPCODE.binary, payload: "b" })],
			message: "binary b",
		}),
		fc.constant({
			frames: [textFrame("x".repeat(70_000))],
			message: "x".repeat(70_000),
		}),
	);

	test.each([
		["directly", () => {}],
		["by a stream whose handle is none that we know", hideHandle],
	])(
		"%s, messages of any kind, cut anywhere, come once and in order",
		async (_, prepare) => {
			http.prependListener("upgrade", (_, stream) => prepare(stream));
			await fc.assert(
				fc.asyncProperty(
					fc.array(message, { minLength: 1, maxLength: 12 }),
					fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }),
					async (sent, sizes) => {
						const { peer, messages, came } = await join();
						const bytes = Buffer.concat(sent.flatMap(({ frames }) => frames));
						let at = 0;
						for (let i = 0; at < bytes.length; i++) {
							const end = at + (sizes[i % sizes.length] ?? 1);
							// Each piece in a segment of its own, as far as the kernel likes.
							await new Promise<void>((resolve) => {
								peer.socket.write(bytes.subarray(at, end), () => resolve());
							});
							at = end;
							if (i > 400) sizes = [bytes.length];
						}
						const expected = sent.map(({ message }) => message);
						const pongs = sent.filter(({ frames }) => frames.length > 1).length;
						await came(expected.length + pongs);
						expect(messages.filter((it) => it !== "pong")).toEqual(expected);
						peer.socket.destroy();
					},
				),
				{ numRuns: 30 },
			);
		},
	);

	test("what is no UTF-8 is closed with 1007, and nothing of what follows is read", async () => {
		const { peer, messages, closed } = await join();
		const broken = frame({ payload: Buffer.from([0x7b, 0xff]) });
		peer.socket.write(Buffer.concat([textFrame("1"), broken, textFrame("2")]));
		expect(await peer.closeCode()).toBe(1007);
		expect(await closed).toBe(1007);
		expect(messages).toEqual(["1"]);
	});

	test("nothing is read after the peer's close frame", async () => {
		const { peer, messages, closed } = await join();
		const code = Buffer.from([3, 0xe8]);
		const close = frame({ opcode: OPCODE.close, payload: code });
		peer.socket.write(Buffer.concat([textFrame("1"), close]));
		peer.socket.write(textFrame("2"));
		expect(await peer.closeCode()).toBe(1000);
		peer.socket.end(textFrame("3"));
		expect(await closed).toBe(1000);
		expect(messages).toEqual(["1"]);
	});

	test("a paused stream reads nothing, and all of it later", async () => {
		const { peer, stream, messages, came } = await join();
		stream.pause();
		peer.socket.write(Buffer.concat(["1", "2"].map(textFrame)));
		const marker = await join();
		marker.peer.socket.write(textFrame("marker"));
		await marker.came(1);
		expect(messages).toEqual([]);
		stream.resume();
		await came(2);
		peer.socket.write(textFrame("3"));
		await came(3);
		expect(messages).toEqual(["1", "2", "3"]);
	});
});

describe.each(WAYS)("reading what is compressed, nativeIo %s", (way) => {
	useWay(way);

	function compressed(message: string): Buffer {
		const flushed = deflateRawSync(message, {
			finishFlush: constants.Z_SYNC_FLUSH,
		});
		return frame({ reserved: COMPRESSED, payload: flushed.subarray(0, -4) });
	}

	test.each([
		{ code: 1007, broken: frame({ payload: Buffer.from([0x7b, 0xff]) }) },
		{ code: 1002, broken: frame({ masked: false, payload: "unmasked" }) },
		{
			code: 1002,
			broken: frame({ opcode: OPCODE.close, payload: Buffer.from([0, 1]) }),
		},
	])(
		"CMP3 nothing is read after what is closed with $code, though it came meanwhile",
		async ({ code, broken }) => {
			const { peer, stream, messages, closed } = await join(undefined, true);
			for (const chunk of [compressed("1"), broken, textFrame("2"), broken])
				stream.push(chunk);
			expect(await closed).toBe(code);
			expect(await peer.closeCode()).toBe(code);
			expect(messages).toEqual(["1"]);
		},
	);

	test("CMP3 what came meanwhile is read in its order", async () => {
		const { stream, messages, came } = await join(undefined, true);
		const pong = frame({ opcode: OPCODE.pong });
		for (const text of ["1", "2", "3"])
			for (const chunk of [compressed(text), pong, textFrame(`plain ${text}`)])
				stream.push(chunk);
		await came(9);
		expect(messages.join()).toBe(
			"1,pong,plain 1,2,pong,plain 2,3,pong,plain 3",
		);
	});
});

describe.each(WAYS)("writing, nativeIo %s", (way) => {
	useWay(way);

	test("what it does not take is counted, and drains in order", async () => {
		const { peer, socket } = await join();
		peer.socket.pause();
		let written = 0;
		let waiting = 0;
		while (waiting < 4 * MIB) {
			const body = { type: "n", n: written++, pad: "x".repeat(50_000) };
			waiting = socket.writeFrames(text(JSON.stringify(body)));
			expect(waiting).toBe(socket.bufferedBytes);
		}
		socket.ping();
		socket.writeFrames(text('{"type":"last"}'));
		peer.socket.resume();
		for (let n = 0; n < written; n++)
			expect((await peer.nextMessage("n")).n).toBe(n);
		expect((await peer.next()).opcode).toBe(OPCODE.ping);
		await peer.nextMessage("last");
		socket.writeFrames(text('{"type":"again"}'));
		await peer.nextMessage("again");
		expect(socket.bufferedBytes).toBe(0);
	});

	test("a close frame comes after what waits, and nothing after it", async () => {
		const { peer, socket } = await join();
		peer.socket.pause();
		const body = JSON.stringify({ type: "n", pad: "x".repeat(50_000) });
		let written = 0;
		while (socket.writeFrames(text(body)) < MIB) written++;
		socket.close(4002, "no");
		socket.writeFrames(text('{"type":"late"}'));
		peer.socket.resume();
		for (let n = 0; n <= written; n++) await peer.nextMessage("n");
		expect(await peer.closeCode()).toBe(4002);
	});

	test("goes by the stream where the handle is none that we know", async () => {
		http.prependListener("upgrade", (_, stream) => hideHandle(stream));
		const { peer, socket } = await join();
		for (let n = 0; n < 3; n++)
			socket.writeFrames(text(`{"type":"n","n":${n}}`));
		for (let n = 0; n < 3; n++) expect((await peer.nextMessage("n")).n).toBe(n);
	});

	test("SLOW2 a large write is seen to be taken while it is read", async () => {
		const { peer, socket } = await join();
		peer.socket.pause();
		const pad = "x".repeat(16 * MIB);
		const waiting = socket.writeFrames(text(`{"type":"large","pad":"${pad}"}`));
		expect(waiting).toBeGreaterThan(16 * MIB);
		const taken = socket.takenBytes ?? Number.NaN;
		peer.socket.resume();
		const seen = await until(
			() => socket.takenBytes ?? Number.NaN,
			(bytes) => bytes > taken,
		);
		expect(seen).toBeLessThan(16 * MIB);
		expect(await peer.nextMessage("large")).toMatchObject({ pad });
	});

	test("a write that fails at once ends the connection", async () => {
		const { stream, socket, closed } = await join();
		Object.assign(Reflect.get(stream, "_handle"), { writeBuffer: () => -32 });
		expect(() => socket.writeFrames(text('{"type":"1"}'))).not.toThrow();
		expect(await closed).toBe(1006);
	});

	test("a peer that has gone ends the connection, whatever is written", async () => {
		const { peer, socket, closed } = await join();
		peer.socket.pause();
		const body = text(JSON.stringify({ type: "n", pad: "x".repeat(50_000) }));
		while (socket.writeFrames(body) < MIB);
		peer.socket.resetAndDestroy();
		expect(await closed).toBe(1006);
		expect(() => socket.writeFrames(body)).not.toThrow();
	});
});
