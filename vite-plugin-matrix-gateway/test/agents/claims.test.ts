/** Files that give themselves the same name: who has it, and who has it next. */
import { expect, onTestFinished, test } from "vitest";
import { createAgents } from "../../src/agents/agents.ts";
import type { FromThread, ToThread } from "../../src/agents/thread-messages.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import { worldsOf } from "../../src/node/worlds.ts";
import { until } from "../support/until.ts";
import { createFakeThread } from "./support.ts";

/** Agents whose threads do what the test says, by their names. */
function createThreads() {
	const gateway = createGateway();
	const threads = new Map<string, ReturnType<typeof createThread>>();
	const agents = createAgents({
		worlds: worldsOf(gateway),
		isEdited: true,
		createWorker({ name }) {
			const thread = createThread();
			threads.set(name, thread);
			return thread.worker;
		},
		onEvent() {},
	});
	onTestFinished(async () => {
		const left = agents.leave();
		for (const { say } of threads.values()) say(STOPPED);
		await left;
		await gateway.close();
	});
	const threadOf = (name: string) => {
		const thread = threads.get(name);
		if (!thread) throw new Error(`no thread of ${name}`);
		return thread;
	};
	return {
		...{ agents, threadOf },
		begin: (...names: string[]) => {
			for (const name of names) agents.add(`/agents/${name}.js`);
		},
	};
}

function createThread() {
	const told: ToThread[] = [];
	const { say, worker } = createFakeThread((message) => told.push(message));
	let last = 0;
	return {
		...{ told, say, worker },
		/** Comes as an agent, and says whether it may; 4003 is for good, 1006 is to be tried again. */
		async come(agentId: string) {
			const id = ++last;
			say({ type: "socket", id, is: "open", agentId, world: undefined });
			const answer = await until(
				() => told.find((one) => one.type === "socket" && one.id === id),
				(one) => one !== undefined,
			);
			return answer && "code" in answer ? answer.code : "may";
		},
	};
}

const STOPPED: FromThread = { type: "stopped", left: undefined };

test("a name is free once its agent has left, also where it came once more to do so", async () => {
	const { agents, threadOf, begin } = createThreads();
	begin("a", "b");
	expect(await threadOf("a").come("eve")).toBe("may");
	const removed = agents.remove("/agents/a.js");
	expect(await threadOf("a").come("eve")).toBe("may");
	expect(await threadOf("b").come("eve")).toBe(1006);
	threadOf("a").say(STOPPED);
	await removed;
	expect(await threadOf("b").come("eve")).toBe("may");
});

test("who was refused a name is begun anew when it is free", async () => {
	const { agents, threadOf, begin } = createThreads();
	begin("a", "b");
	expect(await threadOf("a").come("eve")).toBe("may");
	expect(await threadOf("b").come("eve")).toBe(4003);
	expect(threadOf("b").told).not.toContainEqual({ type: "again" });
	const removed = agents.remove("/agents/a.js");
	threadOf("a").say(STOPPED);
	await removed;
	expect(threadOf("b").told).toContainEqual({ type: "again" });
	expect(await threadOf("b").come("eve")).toBe("may");
});

test("two may swap their names", async () => {
	const { threadOf, begin } = createThreads();
	begin("a", "b");
	await threadOf("a").come("p");
	await threadOf("b").come("q");
	expect(await threadOf("a").come("q")).toBe(4003);
	expect(await threadOf("b").come("p")).toBe("may");
	expect(threadOf("a").told).toContainEqual({ type: "again" });
	expect(await threadOf("a").come("q")).toBe("may");
});
