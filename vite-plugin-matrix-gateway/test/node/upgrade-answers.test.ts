import { once } from "node:events";
import type { Socket } from "node:net";
import { PassThrough } from "node:stream";
import {
	afterEach,
	beforeEach,
	describe,
	expect,
	onTestFinished,
	test,
	vi,
} from "vitest";
import type { ConnectionHandle, Gateway } from "../../src/core/gateway.ts";
import { attach } from "../../src/node/attach.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import { encodeTextFrame } from "../../src/node/frame.ts";
import { createAnswering, MAX_WINDOW } from "../../src/node/upgrade-answers.ts";
import { textFrame } from "../support/frames.ts";
import { useHttpServer } from "../support/http-server.ts";
import { exchange, handshake, openSocket } from "../support/peer.ts";
import { until } from "../support/until.ts";

describe("answers to upgrades", () => {
	beforeEach(() => void vi.useFakeTimers({ now: 1_000 }));
	afterEach(() => void vi.useRealTimers());

	function arrange(window = 5) {
		const { answer, stop } = createAnswering(window);
		const written: string[] = [];
		const upgrade = (name: string) => {
			const stream = new PassThrough();
			stream.on("data", (chunk) => written.push(String(chunk)));
			answer(stream, () => void stream.write(`101 ${name}`));
			return stream;
		};
		const pass = (milliseconds: number) =>
			vi.advanceTimersByTimeAsync(milliseconds);
		return { upgrade, written, pass, stop };
	}

	test("CON11 one that comes alone does not wait, nor leave a timer", async () => {
		const { upgrade, written, pass } = arrange();
		for (const name of ["a", "b"]) {
			upgrade(name);
			expect(vi.getTimerCount()).toBe(0);
			await pass(5);
		}
		expect(written).toEqual(["101 a", "101 b"]);
	});

	test("CON11 those that come on its heels go out together, when the window ends", async () => {
		const { upgrade, written, pass } = arrange();
		upgrade("a");
		await pass(2);
		upgrade("b");
		await pass(2);
		upgrade("c");
		expect(written).toEqual(["101 a"]);
		await pass(1);
		expect(written).toEqual(["101 a", "101 b", "101 c"]);
		// While they keep coming there is one such moment in each window.
		upgrade("d");
		await pass(4);
		expect(written).toHaveLength(3);
		await pass(1);
		expect(written).toHaveLength(4);
		await pass(5);
		upgrade("e");
		expect(vi.getTimerCount()).toBe(0);
	});

	test("CON11 what is written meanwhile waits behind the answer", async () => {
		const { upgrade, written, pass } = arrange();
		upgrade("a");
		upgrade("b").write("message");
		await pass(5);
		expect(written).toEqual(["101 a", "101 b", "message"]);
	});

	test("CON11 a stream that ends or breaks meanwhile keeps nobody waiting", async () => {
		const { upgrade, written, pass } = arrange();
		upgrade("a");
		upgrade("b").end();
		upgrade("c").destroy();
		upgrade("d");
		await pass(5);
		expect(written).toEqual(["101 a", "101 b", "101 d"]);
		expect(vi.getTimerCount()).toBe(0);
	});

	test("CON11 none waits longer than a broadcast may", async () => {
		const { upgrade, written, pass } = arrange(1_000);
		upgrade("a");
		upgrade("b");
		await pass(MAX_WINDOW);
		expect(written).toHaveLength(2);
	});

	test("CON11 a window of 0 lets none wait", async () => {
		const { upgrade, written, pass } = arrange(0);
		for (const name of ["a", "b", "c"]) upgrade(name);
		expect(vi.getTimerCount()).toBe(0);
		await pass(0);
		expect(written).toHaveLength(3);
	});

	test("CON11 its end lets go of those that wait, and lets nobody wait any more", async () => {
		const { upgrade, written, pass, stop } = arrange();
		upgrade("a");
		upgrade("b");
		stop();
		expect(vi.getTimerCount()).toBe(0);
		upgrade("c");
		upgrade("d");
		expect(vi.getTimerCount()).toBe(0);
		await pass(0);
		expect(written).toEqual(["101 a", "101 b", "101 c", "101 d"]);
	});
});

const HANDLE: ConnectionHandle = {
	id: "connection",
	receive() {},
	probe() {},
	alive() {},
	failed() {},
	ending() {},
	closed() {},
};

describe("answers on real sockets", () => {
	const local = useHttpServer();
	const { server } = local;

	/** What comes until it ends in a text. */
	async function answerOf(socket: Socket, end: string): Promise<string> {
		let answer = "";
		while (!answer.endsWith(end)) {
			const [bytes] = await once(socket, "data");
			answer += (bytes as Buffer).toString("latin1");
		}
		return answer;
	}

	test("CON11 what the gateway says to who sent first does not overtake the answer", async () => {
		const gateway = createGateway({ flushWindow: MAX_WINDOW });
		onTestFinished(attach(server, gateway));
		const [early, hasty] = [openSocket(local.url), openSocket(local.url)];
		early.write(handshake(local.url));
		expect(await answerOf(early, "\r\n\r\n")).toMatch(/^HTTP\/1.1 101/);
		const register = textFrame({ type: "agent_register", agentId: "hasty" });
		hasty.write(Buffer.concat([Buffer.from(handshake(local.url)), register]));
		const answer = await answerOf(hasty, "}");
		expect(answer).toMatch(/^HTTP\/1.1 101/);
		expect(answer).toContain('"type":"agent_registered","agentId":"hasty"');
		for (const socket of [early, hasty]) socket.destroy();
		await gateway.close({ timeout: 0 });
	});

	test("CON11 who waits when the gateway is taken off waits no longer", async () => {
		let joined = 0;
		const gateway: Gateway = {
			...createGateway({ flushWindow: MAX_WINDOW }),
			open() {
				joined++;
				return HANDLE;
			},
		};
		const off = attach(server, gateway);
		onTestFinished(off);
		const toFake = ["setTimeout", "clearTimeout", "performance"] as const;
		vi.useFakeTimers({ toFake: [...toFake] });
		onTestFinished(() => void vi.useRealTimers());
		const sockets = [openSocket(local.url), openSocket(local.url)];
		for (const socket of sockets) socket.write(handshake(local.url));
		await Promise.all(sockets.map((socket) => once(socket, "connect")));
		const answers = Promise.all(
			sockets.map((socket) => answerOf(socket, "\r\n\r\n")),
		);
		await until(
			() => joined,
			(count) => count === 2,
		);
		expect(vi.getTimerCount()).toBe(1);
		off();
		expect(vi.getTimerCount()).toBe(0);
		for (const answer of await answers)
			expect(answer).toMatch(/^HTTP\/1.1 101/);
		for (const socket of sockets) socket.destroy();
	});

	test("SLOW1 CON11 an answer that waits is not held against its reader, and goes before what is sent", async () => {
		const waited: number[] = [];
		const gateway: Gateway = {
			...createGateway({ flushWindow: MAX_WINDOW }),
			open(socket) {
				waited.push(socket.bufferedBytes ?? 0);
				waited.push(socket.writeFrames?.(encodeTextFrame("hello")) ?? 0);
				return HANDLE;
			},
		};
		onTestFinished(attach(server, gateway));
		const sockets = [openSocket(local.url), openSocket(local.url)];
		for (const socket of sockets) socket.write(handshake(local.url));
		for (const socket of sockets) {
			const answer = await answerOf(socket, "hello");
			const [head, frames] = answer.split("\r\n\r\n");
			expect(head).toMatch(/^HTTP\/1.1 101/);
			expect(frames).toBe("\x81\x05hello");
			socket.destroy();
		}
		expect(waited).toEqual([0, 0, 0, 0]);
	});

	test("CON4 CON11 who is not let in does not wait for others", async () => {
		const gateway = createGateway({
			flushWindow: MAX_WINDOW,
			closeTimeout: 1,
		});
		onTestFinished(attach(server, gateway, { token: "s3cret" }));
		const answers = await Promise.all(
			["a", "b"].map(() => exchange(local.url, handshake(local.url))),
		);
		for (const answer of answers) {
			expect(answer).toMatch(/^HTTP\/1.1 101/);
			expect(answer).toContain("unauthorized");
		}
		await gateway.close({ timeout: 0 });
	});
});
