/** Modules that Vite runs again in place, each run with an `import.meta.hot` of its own. */
import { expect, it, vi } from "vitest";
import { createRig, type Rig } from "./network.ts";

interface Hot {
	readonly data: object;
	prune(callback: () => void): void;
}

/** A module; `run` is one run of it, which gets its `import.meta.hot`. */
function createModule() {
	const data = {};
	let pruned: (() => void) | undefined;
	return {
		run: (): Hot => ({
			data,
			prune(callback) {
				pruned = callback;
			},
		}),
		prune: () => pruned?.(),
	};
}

function isGone({ client }: Rig): boolean {
	return (
		client.state.status === "offline" && client.state.retryIn === undefined
	);
}

it("leave one client, however often they are updated", async () => {
	const module = createModule();
	const rigs: Rig[] = [];
	for (let update = 0; update < 5; update++) {
		const rig = await createRig({ agentId: "timmy", hot: module.run() });
		rig.answer();
		rigs.push(rig);
	}
	expect(rigs.map(isGone)).toEqual([true, true, true, true, false]);
	expect(rigs[0]?.socket().closedWith).toEqual({ code: 1000 });
	expect(rigs[4]?.client.state.status).toBe("online");
});

it("may make several, which go together", async () => {
	const module = createModule();
	const hot = module.run();
	const first = [await createRig({ hot }), await createRig({ hot })];
	expect(first.map(isGone)).toEqual([false, false]);
	const second = await createRig({ hot: module.run() });
	expect(first.map(isGone)).toEqual([true, true]);
	expect(isGone(second)).toBe(false);
});

it("have nothing to do with each other", async () => {
	const one = await createRig({ hot: createModule().run() });
	const other = await createRig({ hot: createModule().run() });
	expect([one, other].map(isGone)).toEqual([false, false]);
});

it("leave none where nothing imports them any more", async () => {
	const module = createModule();
	const rigs = [await createRig({ hot: module.run() })];
	const hot = module.run();
	rigs.push(await createRig({ hot }), await createRig({ hot }));
	module.prune();
	expect(rigs.map(isGone)).toEqual([true, true, true]);
});

it("do not dispose twice of a client that has gone by itself", async () => {
	const module = createModule();
	const rig = await createRig({ hot: module.run() });
	const states = vi.fn();
	rig.client.dispose();
	rig.client.onState(states);
	await createRig({ hot: module.run() });
	expect(states).not.toHaveBeenCalled();
});

it.each([undefined, {}])("may have none, or not all of it: %j", async (hot) => {
	const rig = await createRig({ hot: hot as never });
	expect(isGone(rig)).toBe(false);
});
