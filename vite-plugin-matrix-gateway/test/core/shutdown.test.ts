import { describe, expect, test } from "vitest";
import type { ShutdownOptions } from "../../src/core/edge/drain.ts";
import { createWorld, type World } from "./support/world.ts";

const SHUTDOWN = {
	type: "gateway_shutdown",
	reason: "shutdown",
	reconnectAfter: 1,
};

/** Begins to close, and says whether that has come to an end. */
function begin(world: World, options?: ShutdownOptions) {
	let ended = false;
	const closed = world.gateway.close(options).then(() => {
		ended = true;
	});
	return {
		closed,
		async hasEnded() {
			// One turn of the real event loop: every promise that can resolve has.
			await new Promise(setImmediate);
			return ended;
		},
	};
}

describe("shutdown", () => {
	test("SH1 everyone is told, then closed with 1001", async () => {
		const world = createWorld();
		const clients = [world.agent("timmy"), world.viewer(), world.connect()];
		world.forget();
		const { closed } = begin(world);
		for (const client of clients) {
			expect(client.messages()).toEqual([SHUTDOWN]);
			expect(client.socket.closing).toEqual({
				code: 1001,
				reason: "gateway shutting down",
			});
		}
		await closed;
		expect(world.gateway.status().connections).toBe(0);
		expect(world.host.timers).toBe(0);
	});

	test("SH1 a restart closes with 1012, and the spread is told in seconds", async () => {
		const world = createWorld();
		const timmy = world.agent("timmy");
		const { closed } = begin(world, {
			reason: "restart",
			reconnectAfter: 2_500,
		});
		expect(timmy.messages()).toEqual([
			{ type: "gateway_shutdown", reason: "restart", reconnectAfter: 2.5 },
		]);
		expect(timmy.socket.closing?.code).toBe(1012);
		await closed;
	});

	test("SH1 what was ordered before is written before", async () => {
		const world = createWorld({ flushWindow: 4 });
		const timmy = world.agent("timmy");
		const watcher = world.viewer();
		timmy.send({ type: "1" });
		timmy.send({ type: "2" });
		const { closed } = begin(world);
		expect(watcher.types()).toEqual(["1", "2", "gateway_shutdown"]);
		await closed;
	});

	test("PR3 while draining nobody is told who left", async () => {
		const world = createWorld();
		const [timmy, slow] = [world.agent("timmy"), world.agent("slow")];
		slow.socket.answers = false;
		world.forget();
		const { closed } = begin(world);
		timmy.close();
		slow.close();
		await closed;
		expect(timmy.messages()).toEqual([SHUTDOWN]);
		expect(slow.messages()).toEqual([SHUTDOWN]);
	});

	test("SH1 what comes from a client after that counts for nothing", async () => {
		const world = createWorld();
		const [timmy, other] = [world.agent("timmy"), world.agent("other")];
		other.socket.answers = false;
		world.forget();
		const { closed } = begin(world);
		timmy.send({ type: "bark" });
		timmy.register("third");
		expect(other.messages()).toEqual([SHUTDOWN]);
		expect(world.gateway.status().agents).toEqual([]);
		other.close();
		await closed;
	});

	test("SH1 one that was closed before is sent nothing more", async () => {
		const world = createWorld();
		const old = world.agent("timmy");
		old.socket.answers = false;
		world.agent("timmy");
		world.forget();
		const { closed } = begin(world);
		expect(old.messages()).toEqual([]);
		expect(old.socket.closing?.code).toBe(4009);
		old.close();
		await closed;
	});

	test("SH1 newcomers are closed at once and sent nothing", async () => {
		const world = createWorld();
		world.agent("timmy").socket.answers = false;
		const { hasEnded } = begin(world, { reason: "restart" });
		const late = world.connect();
		late.register("late");
		expect(late.messages()).toEqual([]);
		expect(late.socket.closing?.code).toBe(1012);
		expect(await hasEnded()).toBe(false);
		world.host.advance(5_000);
		expect(await hasEnded()).toBe(true);
	});

	test("SH2 it waits up to 5 s for the handshakes, then terminates the rest", async () => {
		const world = createWorld();
		const [timmy, deaf] = [world.agent("timmy"), world.agent("deaf")];
		deaf.socket.answers = false;
		const { hasEnded } = begin(world);
		world.host.advance(4_999);
		expect(await hasEnded()).toBe(false);
		expect(deaf.socket.terminated).toBe(false);
		world.host.advance(1);
		expect(await hasEnded()).toBe(true);
		expect(deaf.socket.terminated).toBe(true);
		expect(timmy.socket.terminated).toBe(false);
	});

	test("SH2 newcomers, and those that were closed before, have no more time than that", async () => {
		const world = createWorld({ closeTimeout: 60_000 });
		const old = world.agent("timmy");
		old.socket.answers = false;
		world.agent("timmy");
		const { hasEnded } = begin(world);
		const late = world.connect();
		late.socket.answers = false;
		world.host.advance(5_000);
		expect(await hasEnded()).toBe(true);
		expect(old.socket.terminated).toBe(true);
		expect(late.socket.terminated).toBe(true);
	});

	test("SH2 the time is an option", async () => {
		const world = createWorld();
		const deaf = world.agent("deaf");
		deaf.socket.answers = false;
		const { hasEnded } = begin(world, { timeout: 100 });
		world.host.advance(100);
		expect(await hasEnded()).toBe(true);
		expect(deaf.socket.terminated).toBe(true);
	});

	test("SH2 it ends as soon as the last one is gone", async () => {
		const world = createWorld();
		const deaf = world.agent("deaf");
		deaf.socket.answers = false;
		const { hasEnded } = begin(world);
		world.host.advance(3_000);
		deaf.close();
		expect(await hasEnded()).toBe(true);
		expect(world.host.timers).toBe(0);
	});

	test("SH2 with nobody there it ends at once", async () => {
		const world = createWorld();
		expect(await begin(world).hasEnded()).toBe(true);
		expect(world.host.timers).toBe(0);
	});

	test("SH2 closing twice tells and closes once, and both wait for the end", async () => {
		const world = createWorld();
		const timmy = world.agent("timmy");
		timmy.socket.answers = false;
		const first = begin(world);
		const second = begin(world, { reason: "restart", timeout: 0 });
		expect(timmy.messages()).toEqual([SHUTDOWN]);
		expect(await second.hasEnded()).toBe(false);
		timmy.close();
		expect(await first.hasEnded()).toBe(true);
		expect(await second.hasEnded()).toBe(true);
		expect(await begin(world).hasEnded()).toBe(true);
	});

	test.each([
		[{ timeout: Number.POSITIVE_INFINITY }, /timeout is a number from 0 to/],
		[{ timeout: -1 }, /timeout is a number from 0 to/],
		[{ reconnectAfter: Number.NaN }, /reconnectAfter is a number from 0 to/],
		[{ reason: "moon" as "restart" }, /reason is shutdown or restart/],
	])(
		"SH1 what cannot be is refused, and nobody closed: %o",
		async (options, error) => {
			const world = createWorld();
			const timmy = world.agent("timmy");
			await expect(world.gateway.close(options)).rejects.toThrow(error);
			expect(timmy.messages()).toEqual([]);
			expect(world.gateway.draining).toBe(false);
		},
	);

	test("SH1 the gateway says that it is draining", async () => {
		const world = createWorld();
		expect(world.gateway.draining).toBe(false);
		const { closed } = begin(world);
		expect(world.gateway.draining).toBe(true);
		expect(world.gateway.status().status).toBe("draining");
		await closed;
	});
});
