/** Peers that do not read, do not answer, or are gone without a word. */
import { describe, expect, test } from "vitest";
import { frame, OPCODE, textFrame } from "../support/frames.ts";
import { useGateway } from "../support/gateway.ts";
import { HOSTS } from "../support/hosts.ts";
import { handshake, openSocket, type Peer } from "../support/peer.ts";
import { until } from "../support/until.ts";

describe.each(HOSTS)("enduring on $name", (host) => {
	const gateway = useGateway(host);

	test("a client that stops reading is closed, and the others get everything [SLOW1, SLOW3]", async () => {
		const before = (await gateway.status()).totals.tooSlow ?? 0;
		const [sender, reader] = [await gateway.viewer(), await gateway.viewer()];
		const stuck = await gateway.rawAgent("stuck");
		for (const client of [sender, reader]) await client.next("agent_joined");
		stuck.socket.pause();

		const blob = "x".repeat(200_000);
		let left = false;
		for (let n = 0; !left; n++) {
			expect(n, "200 kB each: what the kernel takes is far less").toBeLessThan(
				500,
			);
			sender.send({ type: "scene_add", n, blob });
			let message = await reader.next();
			if (message.type === "agent_left") {
				expect(message).toMatchObject({ agentId: "stuck", reason: "too_slow" });
				left = true;
				message = await reader.next();
			}
			expect(message).toMatchObject({ type: "scene_add", n });
		}
		await sender.next("agent_left");
		const { totals, agents } = await gateway.status();
		expect(totals.tooSlow).toBe(before + 1);
		expect(agents).toEqual([]);
		// Cut off within the two seconds of a close that nobody answers, though it reads nothing.
		await until(gateway.status, ({ connections }) => connections === 2);
		stuck.socket.resume();
		await stuck.hungUp;
		await reader.expectNothing();
	});

	test("one that reads again before it is cut off is told 4201 [SLOW1]", async () => {
		const sender = await gateway.viewer();
		const stuck = await gateway.rawAgent("stuck");
		await sender.next("agent_joined");
		stuck.socket.pause();
		const blob = "x".repeat(200_000);
		for (let waiting = true; waiting; ) {
			sender.send({ type: "scene_add", blob });
			sender.send({ type: "ping" });
			waiting = (await sender.next()).type === "pong";
		}
		stuck.socket.resume();
		for (;;) {
			const { opcode, payload } = await stuck.next();
			if (opcode !== OPCODE.close) continue;
			expect(payload.readUInt16BE(0)).toBe(4201);
			expect(payload.subarray(2).toString()).toBe("too slow");
			break;
		}
		stuck.socket.destroy();
		await sender.next("pong");
	});

	test("one that asks and never reads the answers is bounded [SLOW1]", async () => {
		const viewer = await gateway.viewer();
		const before = (await gateway.status()).totals.tooSlow ?? 0;
		const stuck = await gateway.rawAgent("asker");
		await viewer.next("agent_joined");
		stuck.socket.pause();
		const questions = repeat(textFrame({ type: "ping" }), 10_000);
		await flood(stuck, questions);
		const { reason } = await viewer.next("agent_left");
		// Where answers come later, more questions may wait for them than is allowed [ERR4].
		if (host.isShared && reason === "closed") return;
		expect(reason).toBe("too_slow");
		expect((await gateway.status()).totals.tooSlow).toBe(before + 1);
	});

	test("one that registers over and over is held back, and ends with 4202 [REG7, ERR2]", async () => {
		const viewer = await gateway.viewer();
		const eager = await gateway.agent("eager");
		await viewer.next("agent_joined");
		for (let n = 0; n < 2_000; n++)
			eager.send({ type: "agent_register", agentId: "eager" });
		for (let n = 1; n < 128; n++) await eager.next("agent_registered");
		expect(await eager.skipTo("gateway_error")).toMatchObject({
			code: "rate_limited",
			agentId: "eager",
		});
		expect((await eager.closed).code).toBe(4202);
		await viewer.next("agent_left");
		await viewer.expectNothing();
	});

	test("a flood of protocol pings whose pongs nobody reads is bounded [HB2]", async () => {
		const viewer = await gateway.viewer();
		const stuck = await gateway.rawAgent("pinger");
		await viewer.next("agent_joined");
		stuck.socket.pause();
		const ping = frame({ opcode: OPCODE.ping, payload: "x".repeat(125) });
		await flood(stuck, repeat(ping, 1_000));
		await viewer.next("agent_left");
		await viewer.expectNothing();
	});

	test("a client that says goodbye and holds TCP open is gone for the others [CL]", async () => {
		const viewer = await gateway.viewer();
		const peer = await gateway.rawAgent("lingering");
		await viewer.next("agent_joined");
		const goodbye = Buffer.from([0x03, 0xe8]);
		peer.socket.write(frame({ opcode: OPCODE.close, payload: goodbye }));
		expect(await peer.closeCode()).toBe(1000);
		expect(await viewer.next("agent_left")).toMatchObject({ reason: "closed" });
		await peer.hungUp;
	});

	test("a client that ends its side of TCP without a close is gone for the others [PR2]", async () => {
		const viewer = await gateway.viewer();
		const peer = await gateway.rawAgent("half");
		await viewer.next("agent_joined");
		peer.socket.end();
		expect(await viewer.next("agent_left")).toMatchObject({ reason: "closed" });
	});

	test("resets in the midst of everything harm nobody", async () => {
		const viewer = await gateway.viewer();
		const request = handshake(gateway.url);
		const cuts = [1, 20, request.length - 2, request.length];
		for (const cut of cuts.flatMap((size) => Array<number>(20).fill(size))) {
			const socket = openSocket(gateway.url);
			await new Promise((resolve) => socket.once("connect", resolve));
			await new Promise((sent) => socket.write(request.slice(0, cut), sent));
			socket.resetAndDestroy();
		}
		const peer = await gateway.rawAgent("reset");
		await viewer.next("agent_joined");
		peer.socket.write(
			frame({ payload: "x".repeat(1_000), claimedLength: 5_000 }),
		);
		peer.socket.resetAndDestroy();
		await viewer.next("agent_left");
		await until(gateway.status, ({ connections }) => connections === 1);
		await viewer.expectNothing();
	});

	test("a thousand connections that come and go leave nothing behind", async () => {
		for (let round = 0; round < 20; round++) {
			const peers = await Promise.all(
				Array.from({ length: 50 }, () => gateway.raw()),
			);
			for (const { socket } of peers) socket.resetAndDestroy();
			await until(gateway.status, ({ connections }) => connections === 0);
		}
	});
});

function repeat(bytes: Buffer, count: number): Buffer {
	return Buffer.concat(Array<Buffer>(count).fill(bytes));
}

/** Writes until the server hangs up or 64 MiB have gone. */
async function flood({ socket, hungUp }: Peer, bytes: Buffer): Promise<void> {
	let over = false;
	void hungUp.then(() => {
		over = true;
	});
	socket.once("error", () => {
		over = true;
	});
	for (let sent = 0; sent < 64 * 1024 * 1024 && !over; sent += bytes.length)
		await Promise.race([
			new Promise((resolve) => socket.write(bytes, resolve)),
			hungUp,
		]);
}
