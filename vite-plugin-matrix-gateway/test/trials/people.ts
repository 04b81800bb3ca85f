/** Those who use a gateway in a soak: each goes on until it is told to stop. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../chaos/random.ts";
import { connect, type TestClient } from "../support/client.ts";
import { textFrame } from "../support/frames.ts";
import { upgradeRaw } from "../support/peer.ts";
import { createFollower } from "./follower.ts";

/** What they have in common. */
export interface Soak {
	readonly url: string;
	readonly random: Random;
	readonly isOver: () => boolean;
}

export interface Counted {
	count: number;
}

/** Comes, takes a name of a few, perhaps that of somebody else, says something, and goes somehow. */
export async function churn({ url, random, isOver }: Soak): Promise<Counted> {
	const done = { count: 0 };
	while (!isOver()) {
		const client = await connect(url);
		const agentId = `churn-${random.between(0, 10)}`;
		const role = random.pick(["agent", "bridge"]);
		client.send({ type: "agent_register", agentId, role });
		client.send({ type: "note", target_id: "churn-0" });
		client.send({
			...{ type: "state", agentId, text: "x".repeat(random.between(0, 2_000)) },
			retain: random.pick([
				{ key: `k${random.between(0, 50)}` },
				{ clear: "k" },
			]),
		});
		await sleep(random.between(5, 100));
		random.pick([
			() => client.close(1000),
			() => client.close(4999),
			() => client.terminate(),
		])();
		done.count++;
	}
	return done;
}

/**
 * Drops all the time, and goes on with its session.
 * @throws Error where anything of what a ticker has broadcast was lost, doubled or out of order.
 */
export async function resume(
	{ url, random, isOver }: Soak,
	agentId: string,
): Promise<Counted> {
	const done = { count: 0 };
	const follower = createFollower(agentId);
	while (!isOver()) {
		const client = await connect(url);
		await follower.join(client);
		const until = performance.now() + random.between(100, 1_000);
		while (performance.now() < until) follower.got(await client.next());
		client.terminate();
		done.count++;
		await sleep(random.between(0, 200));
	}
	const client = await connect(url);
	await follower.join(client);
	client.close(1000);
	await client.closed;
	return done;
}

/** Broadcasts numbers. */
export async function tick({ url, isOver }: Soak): Promise<Counted> {
	const done = { count: 0 };
	const client = await register(url, "ticker");
	while (!isOver()) {
		client.send({ type: "tick", n: done.count++ });
		await sleep(10);
	}
	// So that those who wait for one see the end.
	for (let n = 0; n < 200; n++) {
		client.send({ type: "tick", n: done.count++ });
		await sleep(10);
	}
	client.close(1000);
	return done;
}

/** Reads nothing while somebody is loud, until the gateway has closed it. */
export async function stall({ url, isOver }: Soak): Promise<Counted> {
	const done = { count: 0 };
	const loud = await register(url, "loud");
	const pad = "x".repeat(32 * 1024);
	while (!isOver()) {
		const peer = await upgradeRaw(url);
		peer.socket.write(textFrame({ type: "ping" }));
		await peer.nextMessage("gateway_hello");
		peer.socket.pause();
		let isGone = false;
		peer.socket.once("close", () => {
			isGone = true;
		});
		for (let sent = 0; sent < 300 && !isOver(); sent++) {
			loud.send({ type: "loud", pad });
			await sleep(20);
			if (isGone) break;
		}
		peer.socket.destroy();
		done.count++;
	}
	loud.close(1000);
	return done;
}

async function register(url: string, agentId: string): Promise<TestClient> {
	const client = await connect(url);
	client.send({ type: "agent_register", agentId });
	await client.skipTo("agent_registered");
	client.socket.on("message", () => {});
	return client;
}
