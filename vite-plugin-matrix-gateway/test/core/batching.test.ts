import { describe, expect, test } from "vitest";
import type { Client } from "./support/client.ts";
import { createWorld } from "./support/world.ts";

/** What one turn brought a client, and in how many writes. */
function batch(client: Client): { types: string[]; writes: number } {
	const before = client.socket.writes.length;
	const types = client.types();
	return { types, writes: client.socket.writes.length - before };
}

function threeAgents() {
	const world = createWorld();
	const [a, b, c] = ["a", "b", "c"].map((name) => world.agent(name)) as [
		Client,
		Client,
		Client,
	];
	world.forget();
	return { ...world, a, b, c };
}

describe("one write a socket and turn", () => {
	test("RT5 a sender is left out in the midst of a batch", () => {
		const { a, b, c } = threeAgents();
		a.send({ type: "1" });
		b.send({ type: "2" });
		a.send({ type: "3" });
		b.send({ type: "4" });
		b.send({ type: "5" });
		const before = [a, b].map(({ socket }) => socket.writes.length);
		expect(batch(c)).toEqual({ types: ["1", "2", "3", "4", "5"], writes: 1 });
		expect(a.types()).toEqual(["2", "4", "5"]);
		expect(b.types()).toEqual(["1", "3"]);
		const after = [a, b].map(({ socket }) => socket.writes.length - 1);
		expect(after).toEqual(before);
	});

	test("RT5 whoever sent all of a batch is written nothing", () => {
		const { a, b } = threeAgents();
		a.send({ type: "1" });
		a.send({ type: "2" });
		expect(batch(b)).toEqual({ types: ["1", "2"], writes: 1 });
		expect(batch(a)).toEqual({ types: [], writes: 0 });
	});

	test("RT5 directed messages stay between the broadcasts they came between", () => {
		const { a, b, c } = threeAgents();
		a.send({ type: "1" });
		a.send({ type: "2", target_id: "b" });
		a.send({ type: "3", target_id: "b" });
		a.send({ type: "4" });
		a.send({ type: "5", target_id: "c" });
		expect(batch(b).types).toEqual(["1", "2", "3", "4"]);
		expect(c.types()).toEqual(["1", "4", "5"]);
	});

	test("RT5 a target that sends in the same turn is left out of its own alone", () => {
		const { a, b, c } = threeAgents();
		a.send({ type: "1" });
		b.send({ type: "2" });
		a.send({ type: "3", target_id: "b" });
		b.send({ type: "4", target_id: "b" });
		b.send({ type: "5" });
		a.send({ type: "6" });
		expect(b.types()).toEqual(["1", "3", "4", "6"]);
		expect(c.types()).toEqual(["1", "2", "5", "6"]);
	});

	test("REG2 an agent that comes in the midst of a batch gets what follows", () => {
		const { a, b, connect } = threeAgents();
		const newcomer = connect();
		a.send({ type: "1" });
		newcomer.register("late");
		a.send({ type: "2" });
		newcomer.send({ type: "3" });
		b.send({ type: "4" });
		expect(batch(newcomer)).toEqual({
			types: ["agent_registered", "agent_joined", "2", "4"],
			writes: 1,
		});
		expect(a.types()).toEqual(["agent_joined", "3", "4"]);
	});

	test("REG4 a viewer that comes in the midst of a batch gets what it missed, and what follows, once", () => {
		const { a, connect } = threeAgents();
		a.send({ type: "1" });
		const viewer = connect();
		a.send({ type: "2" });
		viewer.send({ type: "3" });
		a.send({ type: "4" });
		expect(batch(viewer)).toEqual({
			types: ["gateway_hello", "2", "4"],
			writes: 1,
		});
		expect(a.types()).toEqual(["3"]);
	});

	test("REG5 a close in the midst of a batch: everything before it is written, and nothing after", () => {
		const { a, b, c, connect } = threeAgents();
		a.send({ type: "1" });
		b.send({ type: "2" });
		a.send({ type: "3", target_id: "b" });
		connect().register("b");
		a.send({ type: "4" });
		expect(b.types()).toEqual(["1", "3", "gateway_replaced"]);
		expect(b.socket.closing?.code).toBe(4009);
		expect(c.types()).toEqual(["1", "2", "4"]);
	});

	test("ERR2 what a flood was answered is written before its close", () => {
		const { a, b } = threeAgents();
		b.send({ type: "1" });
		for (let i = 0; i < 500; i++) a.send("{");
		expect(a.socket.closing?.code).toBe(4202);
		expect(a.types()).toEqual(["1", ...Array(50).fill("gateway_error")]);
	});

	test("RT5 one that goes in the midst of a batch takes nothing from the others", () => {
		const { a, b, c, host } = threeAgents();
		a.send({ type: "1" });
		b.send({ type: "2" });
		a.send({ type: "3", target_id: "b" });
		b.close();
		a.send({ type: "4" });
		expect(c.types()).toEqual(["1", "2", "agent_left", "4"]);
		expect(a.types()).toEqual(["2", "agent_left"]);
		host.turn();
		expect(b.socket.takeTexts()).toEqual([]);
	});

	test("RT5 the next batch starts afresh for everyone", () => {
		const { a, b, c } = threeAgents();
		a.send({ type: "1" });
		a.send({ type: "2", target_id: "b" });
		for (const client of [a, b, c]) client.messages();
		c.send({ type: "3" });
		expect(a.types()).toEqual(["3"]);
		expect(b.types()).toEqual(["3"]);
		expect(c.types()).toEqual([]);
	});
});
