/** Runs of an agent, one after the other, as others in its world see them. */
import { expect, test } from "vitest";
import type { LeftSession } from "../../src/agents/thread-messages.ts";
import { until } from "../support/until.ts";
import { createWorld, type Live, startThread } from "./support.ts";

/** Says all that it is asked, with the run in which it was. */
const echo =
	(run: number): Live =>
	(client) => {
		client.on("ask", ({ n }) => client.send({ type: "told", run, n }));
	};

async function asking() {
	const world = createWorld();
	const { client, seen } = await world.enter("page");
	const told: string[] = [];
	client.on("told", ({ run, n }) => told.push(`${run}:${n}`));
	return {
		...{ world, client, seen, told },
		ask: (n: number) => client.sendTo("ada", { type: "ask", n }),
		/** Until so many have come or gone. */
		sees: (count: number) =>
			until(
				() => seen.length,
				(length) => length === count,
			),
		hears: (last: string) =>
			until(
				() => told.at(-1),
				(text) => text === last,
			),
	};
}

test("RES3 an edit during a long clean-up loses nothing, and nobody sees it leave", async () => {
	const { world, client, seen, sees, told, ask, hears } = await asking();
	let finish: (() => void) | undefined;
	const ada = startThread(world, {
		default(own, context) {
			void echo(1)(own, context);
			return () =>
				new Promise<void>((resolve) => {
					finish = resolve;
				});
		},
	});
	await sees(1);
	ask(1);
	await hears("1:1");
	ada.edit({ default: echo(2) });
	await until(() => finish !== undefined, Boolean);
	// It was handed to the run that cleans up, and to no listener of that.
	expect(await client.deliver("ada", { type: "ask", n: 2 })).toBe("delivered");
	finish?.();
	await hears("2:2");
	expect(told).toEqual(["1:1", "2:2"]);
	expect(seen).toEqual(["+ada"]);
});

test("what is sent in a clean-up goes out, in its place", async () => {
	const { world, client, sees } = await asking();
	const said: unknown[] = [];
	client.on("say", ({ n }) => said.push(n));
	const ada = startThread(world, {
		default: (own, { signal }) => {
			signal.addEventListener("abort", () => own.send({ type: "say", n: 1 }));
			return () => void own.send({ type: "say", n: 2 });
		},
	});
	await sees(1);
	ada.edit({ default: (own) => void own.send({ type: "say", n: 3 }) });
	await until(
		() => said.length,
		(count) => count === 3,
	);
	expect(said).toEqual([1, 2, 3]);
});

test("what a run meets at once is told after that it has begun", async () => {
	const ada = startThread(createWorld(), { default: () => {} });
	await ada.next("began");
	ada.edit({
		default: () =>
			void ada.process.emit("uncaughtException", new Error("at once")),
	});
	await ada.next("began");
	expect(await ada.next("uncaught")).toMatchObject({
		error: { message: "at once" },
	});
});

test("what cannot be loaded, or is no agent, leaves the run before it alone", async () => {
	const { world, told, ask, hears, sees } = await asking();
	const ada = startThread(world, { default: echo(1) });
	await sees(1);
	ada.edit(new SyntaxError("no"));
	expect(await ada.next("unloadable")).toMatchObject({
		goesOn: true,
		error: { name: "SyntaxError", message: "no" },
	});
	ada.edit({ agentId: "eve" });
	expect(await ada.next("unloadable")).toMatchObject({
		error: { message: expect.stringContaining("a default export") },
	});
	ask(1);
	await hears("1:1");
	expect(told).toEqual(["1:1"]);
});

test("a run that fails hands its session on, and what came meanwhile", async () => {
	const { world, seen, sees, told, ask, hears } = await asking();
	const ada = startThread(world, { default: echo(1) });
	await sees(1);
	ada.edit({
		default: () => {
			throw new Error("at once");
		},
	});
	expect(await ada.next("failed")).toMatchObject({
		error: { message: "at once" },
	});
	ask(1);
	ada.edit({ default: echo(3) });
	await hears("3:1");
	expect(told).toEqual(["3:1"]);
	expect(seen).toEqual(["+ada"]);
});

test("who is another one after an edit leaves, and the other one comes", async () => {
	const { world, seen, sees } = await asking();
	const ada = startThread(world, { default: () => {} });
	await sees(1);
	ada.edit({ agentId: "eve", default: () => {} });
	await sees(3);
	expect(seen).toEqual(["+ada", "-ada", "+eve"]);
});

test("where it stops for good it leaves, also after its run has failed", async () => {
	const { world, seen, sees } = await asking();
	const ada = startThread(world, { default: () => {} });
	await sees(1);
	ada.edit({ default: async () => Promise.reject(new Error("later")) });
	await ada.next("failed");
	expect(await ada.host.stop(true)).toBeUndefined();
	await sees(2);
	expect(seen).toEqual(["+ada", "-ada"]);
});

test("another thread goes on with what one has left", async () => {
	const { world, seen, sees, told, ask, hears } = await asking();
	const ada = startThread(world, { default: echo(1) });
	await sees(1);
	const left = await ada.host.stop(false);
	ask(1);
	startThread(world, { default: echo(2) }, left ? { left } : {});
	await hears("2:1");
	expect(told).toEqual(["2:1"]);
	expect(seen).toEqual(["+ada"]);
});

test.each([
	[false, "uncaught"],
	[true, "failed"],
] as const)(
	"an error that nobody catches, strict: %s, is %s",
	async (isStrict, type) => {
		const { world } = await asking();
		const ada = startThread(world, { default: () => {} }, { isStrict });
		await ada.next("began");
		ada.process.emit("uncaughtException", new Error("boom"));
		expect(await ada.next(type)).toMatchObject({ error: { message: "boom" } });
	},
);

test("it may speak for itself alone", async () => {
	const { world, client } = await asking();
	const heard: unknown[] = [];
	client.on("*", ({ type, agentId }) => heard.push(`${type} ${agentId}`));
	startThread(world, {
		default: (own) => {
			own.send({ type: "bark", agentId: "page", text: "no" });
			own.send({ type: "bark", agentId: "ada", text: "yes" });
		},
	});
	await until(
		() => heard,
		(all) => all.includes("bark ada"),
	);
	expect(heard).not.toContain("bark page");
});

test("a thread that exits leaves its session, in whichever state it is", async () => {
	const { world, seen, sees } = await asking();
	const ada = startThread(world, { default: () => {} });
	await sees(1);
	ada.process.emit("exit");
	const { left } = (await ada.next("left")) as { left: LeftSession };
	expect(left.kept.session).toEqual(expect.any(String));
	const next = startThread(world, new Error("no"), left ? { left } : {});
	await next.next("unloadable");
	next.process.emit("exit");
	expect(await next.next("left")).toEqual({ type: "left", left });
	expect(seen).toEqual(["+ada"]);
});

test("an agent does not go on with the session of another one", async () => {
	const { world, seen, sees } = await asking();
	const ada = startThread(world, { default: () => {} });
	await sees(1);
	const left = await ada.host.stop(false);
	startThread(world, { agentId: "eve", default() {} }, left ? { left } : {});
	await sees(2);
	expect(seen).toEqual(["+ada", "+eve"]);
});
