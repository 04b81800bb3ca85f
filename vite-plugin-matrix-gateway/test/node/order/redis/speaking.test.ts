/** A node says something behind another's beginning, before it reads what comes after that [ORD17]. */
import { expect, test } from "vitest";
import { until } from "../../../support/until.ts";
import { join } from "../support/commands.ts";
import { createFakeRedis } from "./support/fake-redis.ts";
import { startOne } from "./support/fakes.ts";
import { createGate } from "./support/losses.ts";
import { type Replica, settle, startReplica } from "./support/replica.ts";

test.each(["answered", "sent again on another line"])(
	"[ORD17] what comes after another's beginning is applied once one's own is %s",
	async (how) => {
		const redis = createFakeRedis();
		const writes = createGate();
		const connect = redis.connectBy((command, words) =>
			command === "XADD" ? writes.rule(command, words) : "pass",
		);
		const one = await startOne({ connect });
		await settle(one);
		writes.shut();
		const other = startReplica("redis://fake", redis);
		// As of a client that came before its node had begun.
		other.append(join("early"));
		await until(
			() => membersOf(one),
			(members) => members.includes(other.id),
		);
		await settle(other);
		await settle(other);
		expect(other.world().roster).toContain("early");
		expect(one.world().roster).not.toContain("early");
		if (how !== "answered") redis.cut();
		writes.open();
		await settle(one, other);
		expect(one.world().roster).toEqual(other.world().roster);
	},
);

test.each([
	["whose word comes too late", undefined],
	["that cannot write any more", new Error("READONLY")],
])(
	"[ORD13] a node %s ends, and applies nothing of what came after another's beginning",
	async (_, refusal) => {
		const redis = createFakeRedis();
		const asleep = createGate();
		const writes = createGate();
		const connect = redis.connectBy((command, words) => {
			const fate = asleep.rule(command, words);
			return fate === "pass" && command === "XADD"
				? writes.rule(command, words)
				: fate;
		});
		const one = await startOne({ connect });
		await settle(one);
		asleep.shut();
		if (refusal) writes.shut(refusal);
		const other = startReplica("redis://fake", { ...redis, lease: 300 });
		other.append(join("early"));
		await until(
			() => membersOf(other),
			(members) => String(members) === other.id,
		);
		asleep.open();
		const ended = await until(
			() => one.ended,
			(reason) => reason !== undefined,
		);
		expect(ended?.code).toBe("fenced");
		expect(one.world().roster).not.toContain("early");
		expect(other.world().roster).toContain("early");
	},
);

function membersOf({ world }: Replica): string[] {
	return world().members.sequences.map(([id]) => id);
}
