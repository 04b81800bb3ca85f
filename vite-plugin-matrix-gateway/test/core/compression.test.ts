/** Sockets that compress. The fakes throw where one is written a frame of the other form. */
import { describe, expect, test } from "vitest";
import { createWorld, MARKER, type World } from "./support/world.ts";

const keep = (key: string, n: number) => ({ type: "x", n, retain: { key } });

/** A registered agent whose socket compresses; what it was sent so far is taken. */
function compressing(world: World, agentId: string) {
	const client = world.connect({}, true);
	client.register(agentId);
	client.messages();
	world.forget();
	return client;
}

/** A sender and six receivers, of which every other one compresses. */
function room() {
	const world = createWorld();
	const sender = world.agent("sender");
	const receivers = Array.from({ length: 6 }, (_, index) =>
		index % 2 ? compressing(world, `c${index}`) : world.agent(`p${index}`),
	);
	world.forget();
	return { world, sender, receivers };
}

describe("compression", () => {
	test("CMP1 RT5 those who compress get what the others get, in the same order", () => {
		const { sender, receivers } = room();
		const [plain, compressed] = receivers;
		sender.send({ type: "1" });
		plain?.send({ type: "2" });
		compressed?.send({ type: "3" });
		sender.send({ type: "4", target_id: "c1" });
		sender.send({ type: "5", target_id: "p0" });
		sender.send({ type: "6" });
		expect(plain?.types()).toEqual(["1", "3", "5", "6"]);
		expect(compressed?.types()).toEqual(["1", "2", "4", "6"]);
		for (const other of receivers.slice(2))
			expect(other.types()).toEqual(["1", "2", "3", "6"]);
	});

	test("CMP1 a broadcast is compressed once, and one buffer is shared by all who get the same", () => {
		const { world, sender, receivers } = room();
		const before = world.host.compressed;
		for (const type of ["1", "2", "3"]) sender.send({ type });
		world.host.turn();
		expect(world.host.compressed).toBe(before + 3);
		const writes = receivers.map(({ socket }) => socket.writes.at(-1));
		expect(new Set(writes).size).toBe(2);
		for (const receiver of receivers)
			expect(receiver.types()).toEqual(["1", "2", "3"]);
	});

	test("CMP1 where nobody compresses, nothing is compressed", () => {
		const world = createWorld();
		const sender = world.agent("sender");
		world.viewer();
		sender.send(keep("a", 1));
		world.viewer();
		expect(world.host.compressed).toBe(0);
		expect(world.gateway.compresses).toBe(true);
	});

	test("CMP1 RT2 a mirrored message is compressed once for all browsers", () => {
		const world = createWorld({ mirrorVisual: true });
		const [sender, target] = [world.agent("a"), world.agent("b")];
		const browsers = [1, 2, 3].map((n) => {
			const client = world.connect({}, true);
			client.register(`page-${n}`, "browser");
			return client;
		});
		world.forget();
		const before = world.host.compressed;
		sender.send({ type: "bark", target_id: "b" });
		for (const client of [target, ...browsers])
			expect(client.types()).toEqual(["bark"]);
		expect(world.host.compressed).toBe(before + 1);
	});

	test("CMP1 RET1 retained messages are compressed one by one, each once for all newcomers", () => {
		const world = createWorld();
		const sender = world.agent("sender");
		for (let n = 0; n < 10; n++) sender.send(keep(`${n}`, n));
		const newcomer = () => {
			const client = world.connect({}, true);
			client.send({ type: "ping" });
			const got = client.messages();
			expect(got).toHaveLength(12);
			return got.slice(1, -1);
		};
		const first = newcomer();
		const before = world.host.compressed;
		expect(newcomer()).toEqual(first);
		// Its greeting and its pong.
		expect(world.host.compressed).toBe(before + 2);
		sender.send(keep("5", 55));
		expect(newcomer().at(-1)).toEqual(keep("5", 55));
		expect(world.host.compressed).toBe(before + 5);
	});

	test("CMP1 RES3 what is resumed was kept plain: either form goes on as the other", () => {
		const world = createWorld();
		const observer = world.agent("observer");
		observer.send(keep("a", 0));
		let session = "";
		let received = 0;
		for (const compresses of [true, false, true, true, false]) {
			const client = world.connect({}, compresses);
			const resume = session ? { session, received, retained: true } : true;
			client.send({ type: "agent_register", agentId: "timmy", resume });
			const [ack, ...rest] = client.messages();
			if (session) {
				expect(ack).toMatchObject({ resumed: true });
				const types = rest.map(({ type }) => type);
				expect(types).toEqual(["missed", "own", "x"]);
			}
			session = String(ack?.session);
			received += rest.length;
			client.close(1006);
			observer.send({ type: "missed" });
			observer.send({ type: "own", target_id: "timmy" });
		}
	});

	test("CMP1 what waits for a detached session is not compressed yet", () => {
		const world = createWorld();
		const client = world.connect({}, true);
		client.send({ type: "agent_register", agentId: "timmy", resume: true });
		client.messages();
		client.close(1006);
		const before = world.host.compressed;
		world.agent("other").send({ type: "own", target_id: "timmy" });
		expect(world.host.compressed).toBe(before);
	});

	test("CMP1 CL1 what waits goes before the close frame, compressed", () => {
		const world = createWorld();
		const loser = compressing(world, "timmy");
		const sender = world.agent("sender");
		world.forget();
		sender.send(MARKER);
		world.connect({}, true).register("timmy");
		expect(loser.types()).toEqual(["marker", "gateway_replaced"]);
		expect(loser.socket.closing).toMatchObject({ code: 4009 });
	});

	test("CMP1 SLOW1 a newcomer's bound is raised by what it is written", () => {
		const world = createWorld({ maxBufferedBytes: 200 });
		const sender = world.agent("sender");
		sender.send({ ...keep("a", 1), text: "a".repeat(1_000) });
		const client = world.connect({}, true);
		client.socket.reads = false;
		client.send({ type: "ping" });
		world.host.turn();
		sender.send(MARKER);
		world.host.turn();
		expect(client.socket.closing).toBeUndefined();
		sender.send({ ...MARKER, text: "b".repeat(200) });
		sender.send(MARKER);
		world.host.turn();
		sender.send(MARKER);
		world.host.turn();
		expect(client.socket.closing).toMatchObject({ code: 4201 });
		client.messages();
	});
});
