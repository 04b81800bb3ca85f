/** permessage-deflate, with ws's own client and with frames by hand. */
import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { TestClient } from "../support/client.ts";
import { COMPRESSED, frame, textFrame } from "../support/frames.ts";
import { type TestGateway, useGateway } from "../support/gateway.ts";
import { HOSTS } from "../support/hosts.ts";
import type { Peer } from "../support/peer.ts";
import { until } from "../support/until.ts";
import { MATRIX_MESSAGES, ODD_MESSAGES } from "./messages.ts";

const THRESHOLD = 256;

const EXTENSIONS = "Sec-WebSocket-Extensions";
const OFFER = { [EXTENSIONS]: "permessage-deflate; client_max_window_bits" };

const LONG = { type: "bark", agentId: "timmy", text: "word ".repeat(200) };

describe.each(HOSTS)("compression on $name", (host) => {
	const gateway = useGateway(host, { compression: true });

	test("CMP1 every message arrives byte for byte, compressed or not, in one order", async () => {
		const sender = await gateway.agent("sender");
		const receivers = [
			await gateway.viewer(),
			await gateway.viewer({ perMessageDeflate: false }),
			await gateway.viewer({ perMessageDeflate: { threshold: 0 } }),
		];
		expect(receivers.map(({ socket }) => socket.extensions)).toEqual([
			"permessage-deflate",
			"",
			"permessage-deflate",
		]);
		const texts = allTexts();
		for (const text of texts) sender.send(text);
		for (const receiver of receivers)
			for (const text of texts) expect(await receiver.nextText()).toBe(text);
	});

	test("CMP1 a directed message, what is retained and a close are as without", async () => {
		const sender = await gateway.agent("sender");
		const timmy = await gateway.agent("timmy");
		await sender.next("agent_joined");
		const scene = {
			type: "scene_batch",
			retain: { key: "scene/" },
			messages: Array.from({ length: 50 }, (_, n) => ({ id: `tree-${n}` })),
		};
		sender.send(scene);
		expect(await timmy.next()).toEqual(scene);
		const directed = { ...LONG, target_id: "timmy" };
		sender.send(directed);
		expect(await timmy.next()).toEqual(directed);
		const late = await gateway.connect();
		late.send({ type: "ping" });
		await late.next("gateway_hello");
		expect(await late.next()).toEqual(scene);
		await late.next("pong");
		sender.send({ type: "scene_clear", retain: { clear: "scene/" } });
		sender.send(LONG);
		for (const end of [timmy, late]) {
			await end.next("scene_clear");
			expect(await end.next()).toEqual(LONG);
		}
		const again = await gateway.connect();
		again.send({ type: "agent_register", agentId: "timmy" });
		await timmy.next("gateway_replaced");
		expect(await timmy.expectClosed()).toMatchObject({ code: 4009 });
	});

	test("CMP2 what is shorter than the threshold is sent as it is", async () => {
		const peer = await rawViewer(gateway, OFFER);
		const sender = await gateway.agent("sender");
		await peer.nextMessage("agent_joined");
		const text = (length: number) =>
			JSON.stringify({ type: "t", x: "x".repeat(length - 19) });
		const [short, long] = [text(THRESHOLD - 1), text(THRESHOLD)];
		sender.send(short);
		sender.send(long);
		const plain = await peer.next();
		expect(plain.reserved).toBe(0);
		expect(plain.payload.toString()).toBe(short);
		const compressed = await peer.next();
		expect(compressed.reserved).toBe(COMPRESSED);
		expect(inflate(compressed.payload).toString()).toBe(long);
		expect(compressed.size).toBeLessThan(THRESHOLD / 2);
	});

	test.each([
		["permessage-deflate", "permessage-deflate; server_no_context_takeover"],
		[
			"permessage-deflate; client_max_window_bits",
			"permessage-deflate; server_no_context_takeover",
		],
		[
			"permessage-deflate; server_max_window_bits=12; client_max_window_bits=12",
			"permessage-deflate; server_max_window_bits=12; client_max_window_bits=12; server_no_context_takeover",
		],
		[
			"x-unknown, permessage-deflate; server_max_window_bits=9, permessage-deflate; client_no_context_takeover",
			"permessage-deflate; client_no_context_takeover; server_no_context_takeover",
		],
		["permessage-deflate; server_max_window_bits=11", undefined],
		["permessage-deflate; server_max_window_bits=16", undefined],
		["permessage-deflate; client_max_window_bits=7", undefined],
		["permessage-deflate; client_max_window_bits; unknown", undefined],
		[
			"permessage-deflate; client_no_context_takeover; client_no_context_takeover",
			undefined,
		],
		["permessage-deflate; server_no_context_takeover=1", undefined],
		["x-webkit-deflate-frame", undefined],
		[";,=", undefined],
	])("CMP1 the offer %j is answered with %j", async (offer, answer) => {
		const headers = { [EXTENSIONS]: offer };
		let got: string | undefined;
		const client = await gateway
			.connect({
				perMessageDeflate: false,
				headers,
				finishRequest(request) {
					request.once("upgrade", ({ headers }) => {
						got = headers["sec-websocket-extensions"];
					});
					// ws itself would refuse an answer to what it did not offer.
					request.end();
				},
			})
			.catch(() => undefined);
		expect(got).toBe(answer);
		client?.socket.terminate();
	});

	test("CMP1 what was agreed on holds: an offer of a short window is sent what fits it", async () => {
		const offer = "permessage-deflate; server_max_window_bits=12";
		const peer = await rawViewer(gateway, { [EXTENSIONS]: offer });
		const sender = await gateway.agent("sender");
		await peer.nextMessage("agent_joined");
		// The second half repeats what is farther back than the window.
		const noise = noiseOf(5_000);
		const text = JSON.stringify({ type: "t", a: noise, b: noise });
		sender.send(text);
		const { payload } = await peer.next();
		expect(inflate(payload, 12).toString()).toBe(text);
	});

	test("CMP3 CON5 a message that inflates past maxPayload is closed with 1009; others go on", async () => {
		const [a, b] = await pair(gateway);
		const peer = await rawViewer(gateway, OFFER);
		peer.socket.write(compressedFrame(Buffer.alloc(64 * 1024 * 1024, " ")));
		expect(await peer.closeCode()).toBe(1009);
		a.send(LONG);
		expect(await b.next()).toEqual(LONG);
	});

	test("CMP3 CON5 one of exactly maxPayload is routed", async () => {
		const [a, b] = await pair(gateway);
		const text = JSON.stringify({ type: "t", x: "x".repeat(262_144 - 19) });
		a.send(text);
		expect(await b.nextText()).toBe(text);
	});

	test("CMP3 CON9 what cannot be inflated is closed with 1007, and its agent leaves", async () => {
		const observer = await gateway.agent("observer");
		const peer = await gateway.raw(OFFER);
		peer.socket.write(textFrame({ type: "agent_register", agentId: "bad" }));
		await observer.next("agent_joined");
		const payload = Buffer.from("fffefdfcfbfaf9f8", "hex");
		peer.socket.write(frame({ payload, reserved: COMPRESSED }));
		expect(await observer.next("agent_left")).toMatchObject({
			agentId: "bad",
			reason: "closed",
		});
		await until(gateway.status, ({ connections }) => connections === 1);
	});

	test("CMP3 messages that a client compresses keep their order among those that it does not", async () => {
		const [a, b] = await pair(gateway);
		const peer = await rawViewer(gateway, OFFER);
		for (let n = 0; n < 200; n++) {
			const payload = JSON.stringify({ type: "n", n });
			const bytes = n % 3 ? compressedFrame(payload) : frame({ payload });
			peer.socket.write(bytes);
		}
		for (const end of [a, b])
			for (let n = 0; n < 200; n++)
				expect(await end.next()).toMatchObject({ n });
	});

	test("CMP1 RES3 a session goes on compressed, plain and compressed again", async () => {
		const sender = await gateway.agent("sender");
		let session: unknown;
		let received = 0;
		for (const perMessageDeflate of [true, false, true]) {
			const client = await gateway.connect({ perMessageDeflate });
			const resume = session ? { session, received } : true;
			client.send({ type: "agent_register", agentId: "timmy", resume });
			const ack = await client.next("agent_registered");
			if (session) expect(ack).toMatchObject({ resumed: true });
			else await client.next("agent_joined");
			if (session) expect(await client.next()).toEqual(LONG);
			({ session } = ack);
			received++;
			client.socket.terminate();
			await until(gateway.status, ({ agents }) =>
				agents.some(({ state }) => state === "detached"),
			);
			sender.send(LONG);
		}
	});
});

describe.each(HOSTS)("compression that is off, on $name", (host) => {
	const gateway = useGateway(host);

	test("CMP1 no offer is taken up", async () => {
		const { socket } = await gateway.viewer({ perMessageDeflate: true });
		expect(socket.extensions).toBe("");
		const peer = await gateway.raw(OFFER);
		peer.socket.write(compressedFrame("{}"));
		expect(await peer.closeCode()).toBe(1002);
	});
});

describe.each(HOSTS)("compression with a token, on $name", (host) => {
	const gateway = useGateway(host, { compression: true, token: "s3cret" });

	test("CMP1 CON4 who is not let in agrees on nothing", async () => {
		const refused = await gateway.connect();
		expect(refused.socket.extensions).toBe("");
		expect(await refused.expectClosed()).toMatchObject({ code: 4001 });
		const { socket } = await gateway.viewer({
			headers: { authorization: "Bearer s3cret" },
		});
		expect(socket.extensions).toBe("permessage-deflate");
	});
});

function allTexts(): string[] {
	const odd = Object.values(ODD_MESSAGES);
	const large = JSON.stringify({ ...LONG, text: "é word ".repeat(20_000) });
	return [...MATRIX_MESSAGES, ...odd, large, JSON.stringify(LONG)];
}

async function pair(gateway: TestGateway): Promise<[TestClient, TestClient]> {
	const a = await gateway.agent("a");
	const b = await gateway.agent("b");
	await a.next("agent_joined");
	return [a, b];
}

/** A bare socket that has its greeting. */
async function rawViewer(
	gateway: TestGateway,
	headers: Record<string, string>,
): Promise<Peer> {
	const peer = await gateway.raw(headers);
	peer.socket.write(textFrame({ type: "ping" }));
	await peer.nextMessage("gateway_hello");
	await peer.nextMessage("pong");
	return peer;
}

/** Text in which nothing repeats. */
function noiseOf(length: number): string {
	let text = "";
	for (let seed = 1; text.length < length; ) {
		seed = (seed * 48_271) % 2_147_483_647;
		text += String.fromCodePoint(0x4e00 + (seed % 20_000));
	}
	return text;
}

function compressedFrame(payload: string | Buffer): Buffer {
	const flush = { finishFlush: constants.Z_SYNC_FLUSH };
	const deflated = deflateRawSync(payload, flush).subarray(0, -4);
	return frame({ payload: deflated, reserved: COMPRESSED });
}

function inflate(payload: Buffer, windowBits = 15): Buffer {
	const whole = Buffer.concat([payload, Buffer.from([0, 0, 0xff, 0xff])]);
	const finishFlush = constants.Z_SYNC_FLUSH;
	return inflateRawSync(whole, { windowBits, finishFlush });
}
