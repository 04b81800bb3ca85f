/** Sessions that wait over a restart, whose tokens allow less by then, or nothing [AUTH5]. */
import { describe, expect, test } from "vitest";
import type { FindGrant } from "../../src/core/edge/waiting-review.ts";
import type { Grant } from "../../src/core/protocol/grant.ts";
import { createKeptLog } from "./support/kept-log.ts";
import { type Process, startProcess } from "./support/process.ts";
import { createSharedWorld } from "./support/shared-world.ts";

const names = ({ gateway }: Process) =>
	gateway.status().agents.map(({ agentId, state }) => `${agentId} ${state}`);

function join(process: Process, agentId: string, grant?: Grant) {
	const client = process.connect(grant);
	client.send({ type: "agent_register", agentId, resume: true });
	return client;
}

/** Who has a key of the same name, and who has none. */
const WHO = ["timmy", "ada", "kate"];

/** Finds the grants of a table. */
const from =
	(grants: Readonly<Record<string, Grant>>): FindGrant =>
	(key) =>
		grants[key];

function restart() {
	const log = createKeptLog();
	const first = startProcess(log.createOrder);
	for (const key of WHO) join(first, key, { key });
	join(first, "keyless");
	first.host.turn();
	log.kill();
	return startProcess(log.createOrder);
}

describe("over a restart", () => {
	test("AUTH5 who waits by what no source knows any more leaves as revoked", () => {
		const second = restart();
		const { gateway, host } = second;
		gateway.judgeWaiting(from({ timmy: {} }));
		gateway.judgeWaiting(from({ ada: {} }));
		expect(names(second)).toHaveLength(4);
		const viewer = second.connect();
		viewer.send({ type: "ping" });
		host.advance(500);
		expect(names(second)).toEqual([
			"timmy detached",
			"ada detached",
			"keyless detached",
		]);
		expect(viewer.messages().at(-1)).toMatchObject({
			type: "agent_left",
			agentId: "kate",
			reason: "revoked",
		});
		expect(host.timers).toBe(1);
	});

	test("AUTH5 and so does who waits by a token that allows less than it has", () => {
		const second = restart();
		second.gateway.judgeWaiting(
			from({
				timmy: { agents: ["t*"] },
				ada: { agents: ["kate"] },
				kate: { worlds: ["garden"] },
			}),
		);
		second.host.advance(500);
		expect(names(second)).toEqual(["timmy detached", "keyless detached"]);
	});

	test("AUTH5 nobody does where one of the sources cannot tell", () => {
		for (const sources of [
			[undefined],
			[undefined, from({})],
			[from({}), undefined],
		]) {
			const second = restart();
			for (const find of sources) second.gateway.judgeWaiting(find);
			second.host.advance(2_000);
			expect(names(second)).toHaveLength(4);
		}
	});

	test("AUTH5 nor does who is there, or was there since", () => {
		const second = restart();
		const client = join(second, "new", { key: "new" });
		const online = join(second, "online", { key: "online" });
		client.close(1006);
		second.gateway.judgeWaiting(from({}));
		second.host.advance(500);
		expect(names(second)).toEqual([
			"keyless detached",
			"new detached",
			"online online",
		]);
		expect(online.socket.closing).toBeUndefined();
	});
});

describe("where several nodes share the world", () => {
	test("AUTH5 they leave whose node has gone, and those of others wait", () => {
		const world = createSharedWorld();
		const [one, other] = [world.start(), world.start()];
		for (const [process, key] of [
			[one, "a"],
			[other, "b"],
		] as const) {
			const { client } = world.join(process, key, true, { key });
			client.close(1006);
		}
		const staying = world.join(other, "c", true, { key: "a" }).client;
		world.settle();
		world.log.vanish(one.gateway.nodeId);
		const next = world.start();
		next.gateway.judgeWaiting(from({}));
		// Until the others find that it has vanished.
		for (let second = 0; second < 30; second++) world.advance(1_000);
		expect(names(next)).toEqual(["b detached", "c online"]);
		expect(staying.socket.closing).toBeUndefined();
	});

	test("AUTH5 they leave where a node begins after all others have gone", () => {
		const world = createSharedWorld();
		const first = world.start();
		world.join(first, "a", true, { key: "a" });
		world.join(first, "b", true, { key: "b" });
		void first.gateway.close();
		world.settle();
		const next = world.startBehind();
		next.gateway.judgeWaiting(from({ b: {} }));
		world.advance(500);
		world.advance(500);
		expect(names(next)).toEqual(["b detached"]);
	});
});
