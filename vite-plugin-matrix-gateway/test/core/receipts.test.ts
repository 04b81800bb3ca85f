import { describe, expect, test } from "vitest";
import { createWorld } from "./support/world.ts";

describe("receipts", () => {
	const ask = { type: "note", target_id: "timmy", receipt: "r1" };
	const receipt = { type: "gateway_receipt", id: "r1", target_id: "timmy" };

	test("RCPT1 delivered to who is here, offline in place of the error", () => {
		const world = createWorld();
		const sender = world.agent("sender");
		sender.send(ask);
		expect(sender.messages()).toEqual([{ ...receipt, status: "offline" }]);
		const timmy = world.agent("timmy");
		sender.messages();
		sender.send(ask);
		expect(timmy.messages()).toEqual([ask]);
		expect(sender.messages()).toEqual([{ ...receipt, status: "delivered" }]);
	});

	test("RCPT2 queued, and then exactly one delivered or dropped", () => {
		const world = createWorld();
		const sender = world.agent("sender");
		const timmy = world.connect();
		const register = { type: "agent_register", agentId: "timmy" };
		timmy.send({ ...register, resume: true });
		const session = timmy.messages()[0]?.session;
		sender.messages();
		timmy.close(1006);
		sender.send(ask);
		expect(sender.messages()).toEqual([{ ...receipt, status: "queued" }]);
		const back = world.connect();
		back.send({ ...register, resume: { session, received: 1 } });
		expect(back.messages().slice(1)).toEqual([ask]);
		expect(sender.messages()).toEqual([{ ...receipt, status: "delivered" }]);
		back.close(1006);
		sender.send(ask);
		world.host.advance(60_000);
		expect(sender.messages()).toMatchObject([
			{ ...receipt, status: "queued" },
			{ ...receipt, status: "dropped" },
			{ type: "agent_left" },
		]);
	});

	test("RCPT2 dropped where the session overran, or was taken over", () => {
		const world = createWorld();
		const sender = world.agent("sender");
		const timmy = world.connect();
		timmy.send({ type: "agent_register", agentId: "timmy", resume: true });
		sender.messages();
		timmy.close(1006);
		sender.send(ask);
		for (let i = 0; i < 5; i++)
			sender.send({ ...ask, receipt: undefined, text: "x".repeat(250_000) });
		expect(sender.messages()).toEqual([
			{ ...receipt, status: "queued" },
			{ ...receipt, status: "dropped" },
		]);
		sender.send(ask);
		world.agent("timmy");
		expect(sender.messages()).toEqual([
			{ ...receipt, status: "queued" },
			{ ...receipt, status: "dropped" },
		]);
	});

	test("RCPT1 a sender's receipts are its session's: they wait for it", () => {
		const world = createWorld();
		const sender = world.connect();
		const register = { type: "agent_register", agentId: "sender" };
		sender.send({ ...register, resume: true });
		const session = sender.messages()[0]?.session;
		const timmy = world.connect();
		timmy.send({ type: "agent_register", agentId: "timmy", resume: true });
		timmy.close(1006);
		sender.send(ask);
		sender.close(1006);
		world.agent("timmy");
		const back = world.connect();
		back.send({ ...register, resume: { session, received: 2 } });
		expect(back.messages().slice(1)).toEqual([
			{ ...receipt, status: "queued" },
			{ ...receipt, status: "dropped" },
		]);
	});

	test.each([7, "", "x".repeat(129)])(
		"RCPT1 an id that cannot be is refused: %o",
		(id) => {
			const world = createWorld();
			const timmy = world.agent("timmy");
			timmy.send({ ...ask, receipt: id });
			expect(timmy.messages()).toMatchObject([{ code: "bad_message" }]);
		},
	);

	test("RCPT1 a refused message has its receipt in the error, and gets no other", () => {
		const world = createWorld();
		const bound = world.agent("bound", "agent", { agents: ["bound"] });
		bound.send({ ...ask, agentId: "another" });
		bound.send({ ...ask, retain: { key: "a" } });
		bound.send({ ...ask, target_id: "no\nname" });
		expect(bound.messages()).toMatchObject([
			{ type: "gateway_error", code: "forbidden", receipt: "r1" },
			{ type: "gateway_error", code: "bad_message", receipt: "r1" },
			{ type: "gateway_error", code: "bad_message", receipt: "r1" },
		]);
	});

	test("RCPT1 a broadcast's `receipt` is nothing to the gateway", () => {
		const world = createWorld();
		const timmy = world.agent("timmy");
		const observer = world.agent("observer");
		timmy.messages();
		const payment = { type: "payment_flow", receipt: { id: 7 } };
		timmy.send(payment);
		expect(observer.messages()).toEqual([payment]);
		timmy.send({ type: "ping" });
		expect(timmy.types()).toEqual(["pong"]);
	});

	test("RCPT2 queued comes before the dropped of a message that finds no room", () => {
		const world = createWorld({ maxSessionBytes: 100 });
		const sender = world.agent("sender");
		const timmy = world.connect();
		timmy.send({ type: "agent_register", agentId: "timmy", resume: true });
		timmy.close(1006);
		sender.messages();
		sender.send({ ...ask, text: "x".repeat(100) });
		expect(sender.messages()).toEqual([
			{ ...receipt, status: "queued" },
			{ ...receipt, status: "dropped" },
		]);
	});

	test("RCPT2 RES2 what is delivered no longer counts for its session", () => {
		const world = createWorld({ maxSessionBytes: 20_000 });
		const sender = world.agent("sender");
		const register = { type: "agent_register", agentId: "timmy" };
		let timmy = world.connect();
		timmy.send({ ...register, resume: true });
		const session = timmy.messages()[0]?.session;
		let received = 1;
		for (let round = 0; round < 20; round++) {
			timmy.close(1006);
			for (let n = 0; n < 12; n++)
				sender.send({ ...ask, receipt: `${n}`.padEnd(128, "x") });
			timmy = world.connect();
			timmy.send({ ...register, resume: { session, received } });
			received += 12;
			expect(timmy.messages()).toHaveLength(13);
			timmy.send({ type: "ping", received });
			timmy.messages();
		}
		const statuses = sender.messages().map(({ status }) => status);
		expect(statuses).not.toContain("dropped");
	});
});
