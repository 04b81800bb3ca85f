/** A hub of gateways, one a world: which there are, when they begin and end, and what they share. */
import { AsyncLocalStorage, createHook } from "node:async_hooks";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Socket } from "../../src/core/edge/host.ts";
import type { Gateway } from "../../src/core/gateway.ts";
import type { Grant } from "../../src/core/protocol/grant.ts";
import { createHub, type Hub } from "../../src/node/hub.ts";
import type { HubEvent, HubOptions } from "../../src/node/hub-options.ts";
import { digestOf as keyOf } from "../../src/node/token.ts";
import { unfinishedAccountOf } from "../../src/node/unfinished-messages.ts";
import { until } from "../support/until.ts";

interface Arranged {
	readonly hub: Hub;
	readonly events: readonly HubEvent[];
}

function arrange(options: HubOptions = {}): Arranged {
	const events: HubEvent[] = [];
	const onEvent = (event: HubEvent) => void events.push(event);
	const hub = createHub({ nativeIo: "off", ...options, onEvent });
	onTestFinished(() => hub.close({ timeout: 0 }));
	return { hub, events };
}

function makeFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), "matrix-hub-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

/** The gateway of a world that is let in. */
async function enter(hub: Hub, name: string): Promise<Gateway> {
	const entered = await hub.enter(name);
	if ("open" in entered) return entered;
	throw new Error(`${entered.status} ${entered.reason}`);
}

/** A connection that reads nothing, registers, says something, and closes when it is told to. */
function register(gateway: Gateway, agentId: string, ...messages: object[]) {
	return registerBy({}, gateway, agentId, ...messages);
}

/** The same, by a grant. */
function registerBy(
	grant: Grant,
	gateway: Gateway,
	agentId: string,
	...messages: object[]
) {
	const seen: { closing?: number } = {};
	let bytes = 0;
	const socket: Socket = {
		ping() {},
		close(code) {
			seen.closing = code;
			setImmediate(() => connection.closed(code));
		},
		terminate() {},
		writeFrames(frames) {
			bytes += frames.byteLength;
			return bytes;
		},
		get bufferedBytes() {
			return bytes;
		},
	};
	const connection = gateway.open(socket, grant);
	const say = (message: object) =>
		connection.receive(Buffer.from(JSON.stringify(message)), false);
	say({ type: "agent_register", agentId });
	for (const message of messages) say(message);
	return Object.assign(seen, {
		connection,
		leave: () => connection.closed(1000),
	});
}

describe("which worlds there are", () => {
	test("WLD2 default alone, where none is named", async () => {
		const { hub } = arrange();
		expect([...hub.gateways.keys()]).toEqual(["default"]);
		expect(hub.has("garden")).toBe(false);
		expect(await hub.enter("garden")).toMatchObject({ status: 404 });
	});

	test("WLD2 those that are named, from the start, and no others", async () => {
		const { hub } = arrange({ worlds: ["garden", "plaza"] });
		expect([...hub.gateways.keys()]).toEqual(["default", "garden", "plaza"]);
		expect(await enter(hub, "garden")).toBe(hub.gateways.get("garden"));
		expect(await hub.enter("moon")).toMatchObject({ status: 404 });
	});

	test.each([
		"",
		".",
		"..",
		"a.",
		"-a",
		"A",
		"a b",
		"a/b",
		"ä",
		"a%20",
		"a".repeat(65),
		"__proto__",
		"a\n",
	])("WLD2 %j is no name", async (name) => {
		const { hub } = arrange({ worlds: "*" });
		expect(hub.has(name)).toBe(false);
		expect(await hub.enter(name)).toMatchObject({ status: 404 });
		expect(() => createHub({ worlds: [name] })).toThrow(TypeError);
	});

	test.each(["a", "2", "a.b_c-d", "a".repeat(64), "constructor", "tostring"])(
		"WLD2 %j is one",
		async (name) => {
			const { hub } = arrange({ worlds: "*" });
			expect(await enter(hub, name)).toBe(hub.gateways.get(name));
		},
	);

	test("options that cannot be are told by their names", () => {
		const worlds = "garden" as unknown as readonly string[];
		expect(() => createHub({ worlds })).toThrow(
			'`worlds` is a list of names, or "*", but "garden" was given.',
		);
		expect(() => createHub({ maxWorlds: -1 })).toThrow("maxWorlds");
		expect(() => createHub({ worldIdle: Number.NaN })).toThrow("worldIdle");
	});
});

describe("worlds that are made at their first use", () => {
	test("WLD3 begin once, end when nobody has been there for a while, and begin anew", async () => {
		const { hub, events } = arrange({ worlds: "*", worldIdle: 30 });
		const first = await enter(hub, "garden");
		expect(await enter(hub, "garden")).toBe(first);
		const { leave } = register(first, "timmy");
		// Its time is over after that of the garden.
		await enter(hub, "moon");
		await until(() => events, ended("moon"));
		expect(hub.gateways.get("garden")).toBe(first);
		leave();
		await until(() => events, ended("garden"));
		expect([...hub.gateways.keys()]).toEqual(["default"]);
		expect(await enter(hub, "garden")).not.toBe(first);
		const told = events.filter(
			(event) =>
				"world" in event &&
				event.world === "garden" &&
				event.event.startsWith("world"),
		);
		expect(told).toEqual([
			{ event: "worldBegun", world: "garden" },
			{ event: "worldEnded", world: "garden" },
			{ event: "worldBegun", world: "garden" },
		]);
	});

	test("WLD3 an agent that waits for its client holds its world", async () => {
		const { hub, events } = arrange({
			...{ worlds: "*", worldIdle: 10, resumeWindow: 200 },
		});
		const garden = await enter(hub, "garden");
		const { connection } = register(garden, "timmy", {
			...{ type: "agent_register", agentId: "timmy", resume: true },
		});
		connection.closed(1006);
		expect(garden.status().agents).toMatchObject([{ state: "detached" }]);
		await until(() => events, ended("garden"));
		expect(events).toContainEqual(
			expect.objectContaining({
				event: "left",
				reason: "expired",
				world: "garden",
			}),
		);
	});

	test("WLD3 there are so many at most, however many are asked for at once", async () => {
		const { hub } = arrange({ worlds: "*", maxWorlds: 3 });
		const names = Array.from({ length: 1_000 }, (_, index) => `w${index}`);
		const entered = await Promise.all(names.map((name) => hub.enter(name)));
		const full = entered.filter((one) => !("open" in one));
		expect(full).toHaveLength(997);
		expect(full[0]).toEqual({
			status: 503,
			reason: "there are as many worlds as there may be, try again",
		});
		expect(hub.gateways.size).toBe(4);
		// Those that are there may be entered all the same.
		await enter(hub, "w0");
		await enter(hub, "default");
	});

	test("WLD3 a place is free again when a world has ended", async () => {
		const { hub } = arrange({ worlds: "*", maxWorlds: 1, worldIdle: 1 });
		await enter(hub, "a");
		await until(
			() => hub.enter("b"),
			(entered) => "open" in entered,
		);
	});
});

describe("in a folder", () => {
	test("WLD3 each world has its own, is there again, and where it holds nothing leaves none", async () => {
		const data = makeFolder();
		const options: HubOptions = { worlds: "*", worldIdle: 20, data };
		const { hub, events } = arrange(options);
		const oak = { type: "plant", retain: { key: "oak" } };
		register(await enter(hub, "garden"), "timmy", oak).leave();
		register(await enter(hub, "moon"), "timmy", { type: "bark" }).leave();
		expect(readdirSync(join(data, "worlds")).sort()).toEqual([
			"garden",
			"moon",
		]);
		await until(() => events, ended("garden"));
		await until(() => events, ended("moon"));
		expect(readdirSync(join(data, "worlds"))).toEqual(["garden"]);
		await enter(hub, "garden");
		expect(events).toContainEqual(
			expect.objectContaining({
				event: "restored",
				retained: 1,
				world: "garden",
			}),
		);
	});

	test("default has the folder itself, as without a hub", async () => {
		const data = makeFolder();
		const { hub } = arrange({ data });
		expect(existsSync(join(data, "0000000001.log"))).toBe(true);
		expect(existsSync(join(data, "worlds"))).toBe(false);
		await hub.close();
	});

	test("one that cannot be used ends the start, and those before it are given back", async () => {
		const data = makeFolder();
		const options: HubOptions = { worlds: ["garden", "plaza"], data };
		mkdirSync(join(data, "worlds"));
		writeFileSync(join(data, "worlds", "plaza"), "in the way");
		expect(() => createHub(options)).toThrow("worlds/plaza cannot be used");
		rmSync(join(data, "worlds", "plaza"));
		const hub = await until(
			() => tryHub(options),
			(made) => made !== undefined,
		);
		await hub?.close();
	});

	test("WLD3 one that cannot be made at its first use is told, and asked for again", async () => {
		const data = makeFolder();
		const { hub } = arrange({ worlds: "*", data });
		writeFileSync(join(data, "worlds"), "in the way");
		expect(await hub.enter("garden")).toMatchObject({
			status: 503,
			error: expect.objectContaining({ name: "DataError" }),
		});
		rmSync(join(data, "worlds"));
		await enter(hub, "garden");
	});
});

describe("all of them", () => {
	test("SH1 close at once, and nobody is let in any more", async () => {
		const { hub } = arrange({ worlds: ["garden"] });
		await expect(hub.close({ timeout: -1 })).rejects.toThrow(RangeError);
		expect(hub.draining).toBe(false);
		register(await enter(hub, "garden"), "timmy");
		await hub.close();
		expect(hub.draining).toBe(true);
		expect([...hub.gateways.values()].every(({ draining }) => draining)).toBe(
			true,
		);
	});

	test("SH3 are handed over, each to the one of its name", async () => {
		const { hub } = arrange({ worlds: "*" });
		for (const name of ["garden", "plaza"])
			register(await enter(hub, name), "timmy", {
				...{ type: "plant", of: name, retain: { key: name } },
			});
		const left = await hub.handOver({ timeout: 0 });
		expect([...left.keys()]).toEqual(["default", "garden", "plaza"]);
		const { hub: next } = arrange({ worlds: "*", left, worldIdle: 20 });
		expect([...next.gateways.keys()]).toEqual(["default", "garden", "plaza"]);
		expect(next.gateways.get("garden")?.status().agents).toHaveLength(1);
		const { hub: named } = arrange({ worlds: ["plaza"], left });
		expect([...named.gateways.keys()]).toEqual(["default", "plaza"]);
	});

	test("CON9 bound what is unfinished together", async () => {
		const { hub } = arrange({ worlds: ["garden"], maxUnfinishedBytes: 12_345 });
		const accounts = [hub, ...hub.gateways.values()].map(unfinishedAccountOf);
		expect(new Set(accounts).size).toBe(1);
		expect(hub.maxUnfinishedBytes).toBe(12_345);
	});

	test("SLOW4 bound what newcomers are sent to catch up together", async () => {
		const { hub } = arrange({
			...{ worlds: ["garden"], registerTimeout: 0 },
			...{ maxBufferedBytes: 1_000, maxSnapshotBytes: 5_000 },
		});
		const oak = {
			type: "plant",
			text: "x".repeat(4_000),
			retain: { key: "oak" },
		};
		for (const gateway of hub.gateways.values())
			register(gateway, "timmy", oak);
		const [one, other] = [...hub.gateways.values()].map((gateway) =>
			register(gateway, "slow"),
		);
		expect([one?.closing, other?.closing]).toEqual([undefined, 4204]);
	});

	test("WLD3 a hundred that were made and are gone leave no timer and no memory", async () => {
		const { hub, events } = arrange({ worlds: "*", worldIdle: 5 });
		const { running, within } = watchTimers();
		// Not in this function, which would hold the last one.
		const visit = async (name: string): Promise<WeakRef<Gateway>> => {
			const gateway = await enter(hub, name);
			register(gateway, "timmy", { type: "bark" }).leave();
			return new WeakRef(gateway);
		};
		const gone: WeakRef<Gateway>[] = [];
		for (let index = 0; index < 100; index++)
			gone.push(await within(() => visit(`w${index}`)));
		expect(running.size).toBeGreaterThanOrEqual(100);
		await until(
			() => events.filter(({ event }) => event === "worldEnded").length,
			(count) => count === 100,
		);
		expect(hub.gateways.size).toBe(1);
		await until(
			() => running.size,
			(count) => count === 0,
		);
		await until(
			() => {
				collectGarbage();
				return gone.filter((gateway) => gateway.deref()).length;
			},
			(count) => count === 0,
		);
	});
});

/**
 * Timers of Node's that were started by what is called within, or by what comes of that, and have not ended; by
 * their numbers. Others of the process, as those of this test's own patience, are none of them.
 */
function watchTimers() {
	const inside = new AsyncLocalStorage<true>();
	const running = new Set<number>();
	const hook = createHook({
		init: (id, type) =>
			type === "Timeout" && inside.getStore() && running.add(id),
		destroy: (id) => running.delete(id),
	}).enable();
	onTestFinished(() => void hook.disable());
	const within = <Result>(call: () => Result) => inside.run(true, call);
	return { running, within };
}

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

function ended(name: string) {
	return (events: readonly HubEvent[]): boolean =>
		events.some(
			(event) => event.event === "worldEnded" && event.world === name,
		);
}

function tryHub(options: HubOptions): Hub | undefined {
	try {
		return createHub(options);
	} catch {
		return undefined;
	}
}

describe("tokens in all worlds", () => {
	const grant = { key: keyOf("s3cret") };
	const arrangeAll = async () => {
		const { hub } = arrange({ worlds: "*" });
		const worlds = [await enter(hub, "default"), await enter(hub, "garden")];
		return { hub, worlds };
	};

	test("AUTH5 what is revoked is in each world, and lets nobody into one that begins later", async () => {
		const { hub, worlds } = await arrangeAll();
		const agents = worlds.map((world) => registerBy(grant, world, "timmy"));
		hub.revoke("s3cret");
		expect(agents.map(({ closing }) => closing)).toEqual([4003, 4003]);
		await enter(hub, "later");
		expect(hub.isRevoked(grant)).toBe(true);
		expect(hub.isRevoked({ key: "other" })).toBe(false);
	});

	test("AUTH5 WLD4 a grant that names worlds is for these", async () => {
		const { hub, worlds } = await arrangeAll();
		const agents = worlds.map((world) => registerBy(grant, world, "timmy"));
		hub.regrant(grant.key, { worlds: ["gard*"] });
		expect(agents.map(({ closing }) => closing)).toEqual([4003, undefined]);
		hub.regrant(grant.key, { worlds: ["default"] });
		expect(agents.map(({ closing }) => closing)).toEqual([4003, 4003]);
	});

	test("AUTH5 who is disconnected is of one world", async () => {
		const { hub, worlds } = await arrangeAll();
		const agents = worlds.map((world) => registerBy(grant, world, "timmy"));
		const timmy = { agentId: "timmy" };
		expect(hub.disconnect(timmy, "nowhere")).toBe(false);
		expect(hub.disconnect(timmy, "garden")).toBe(true);
		expect(agents.map(({ closing }) => closing)).toEqual([undefined, 4003]);
		expect(hub.disconnect(timmy)).toBe(true);
		expect(agents.map(({ closing }) => closing)).toEqual([4003, 4003]);
	});
});
