import { describe, expect, test } from "vitest";
import {
	type Connection,
	createConnection,
} from "../../src/core/edge/connection.ts";
import type { Group } from "../../src/core/edge/group.ts";
import {
	createSweep,
	type Slice,
	type Taken,
} from "../../src/core/edge/sweep.ts";
import { createEveryone } from "../../src/core/world/audience.ts";
import { createBroadcastLog } from "../../src/core/world/broadcast-log.ts";
import { toFrame } from "./support/frame.ts";
import { createFakeSocket } from "./support/socket.ts";

const FRAME = toFrame("1");

function createAll(): Group {
	return {
		audience: createEveryone(createBroadcastLog({ maxLogBytes: 0 })),
	};
}

/** So many connections of each group, which receive. */
function arrange(counts: readonly number[]) {
	const sweep = createSweep();
	const groups = counts.map(createAll);
	const connections: Connection[] = [];
	const connect = (group: Group) => {
		const socket = createFakeSocket({ defer: () => {}, closed: () => {} });
		const live = { state: "live" } as const;
		const id = `${connections.length}`;
		const connection = createConnection(id, socket, {}, group, live, 0);
		sweep.add(connection);
		connections.push(connection);
	};
	for (const [place, group] of groups.entries())
		for (let n = 0; n < (counts[place] as number); n++) connect(group);
	const append = (frame = FRAME) => {
		for (const group of groups) sweep.append(group, frame);
	};
	/** Has the next slice take its turn. */
	const pass = () => {
		const { slice } = sweep.take() as Taken;
		return { slice, isLast: sweep.endRound() };
	};
	/** The same, but that only so many of its members are written to. */
	const cutAfter = (count: number) => {
		const whole = sweep.take() as Taken;
		const rest = whole.slice.members.slice(count);
		sweep.putBack(whole, rest);
		sweep.endRound();
		return { whole: whole.slice, rest };
	};
	/** Those that take their turns until one is the last. */
	const passAll = () => {
		const passed: Slice[] = [];
		for (let isLast = false; !isLast; ) {
			const next = pass();
			passed.push(next.slice);
			isLast = next.isLast;
		}
		return passed;
	};
	/** The slices of a group. */
	const slicesOf = (group: Group) => {
		const own = connections.filter((one) => one.group === group && one.slice);
		return [...new Set(own.map(({ slice }) => slice as Slice))];
	};
	const sizes = (group: Group) =>
		slicesOf(group).map(({ members }) => members.length);
	return {
		...{ sweep, groups, connections, connect, append },
		...{ pass, cutAfter, passAll, slicesOf, sizes },
	};
}

describe("sweep", () => {
	test("RT5 all who receive are in slices of 64 at most, and each is passed once", () => {
		const { sweep, groups, append, passAll, sizes } = arrange([200, 3]);
		expect(sweep.waiting()).toBe("nothing");
		expect(groups.map(sizes)).toEqual([[64, 64, 64, 8], [3]]);
		append();
		const passed = passAll();
		expect(new Set(passed).size).toBe(5);
		expect(sweep.waiting()).toBe("nothing");
	});

	test("RT5 after a pause not always the same are first", () => {
		const { append, passAll } = arrange([64 * 5]);
		const firsts = Array.from({ length: 20 }, () => {
			append();
			return passAll()[0];
		});
		expect(new Set(firsts).size).toBe(5);
	});

	test("RT5 with something for each all the time, each has its turn once in a way round", () => {
		const { append, pass, passAll } = arrange([64 * 4]);
		append();
		pass();
		append();
		passAll();
		for (let round = 0; round < 5; round++) {
			append();
			const passed = [pass().slice];
			append();
			passed.push(...passAll());
			expect(new Set(passed).size).toBe(4);
			expect(passed).toHaveLength(4);
		}
	});

	test("RT5 those for whom nothing waits are skipped", () => {
		const { sweep, groups, passAll, slicesOf } = arrange([64, 64, 64]);
		const [, second] = groups as [Group, Group, Group];
		for (let turn = 0; turn < 3; turn++) {
			sweep.append(second, FRAME);
			expect(passAll()).toEqual(slicesOf(second));
		}
	});

	test("RT5 whoever goes leaves no slice behind, and takes nobody's turn", () => {
		const {
			sweep,
			groups,
			connections,
			append,
			pass,
			passAll,
			slicesOf,
			sizes,
		} = arrange([130, 70]);
		append();
		const { slice } = pass();
		const gone = connections.filter(
			(connection) => connection.slice !== slice && connection.place % 2 === 0,
		);
		for (const connection of gone) sweep.remove(connection);
		for (const connection of gone) sweep.remove(connection);
		expect(sweep.receivers).toBe(200 - gone.length);
		const left = new Set(passAll());
		for (const group of groups)
			for (const other of slicesOf(group))
				expect(left.has(other)).toBe(other !== slice);
		for (const connection of connections) sweep.remove(connection);
		expect(sweep.receivers).toBe(0);
		expect(groups.map(sizes)).toEqual([[], []]);
		append();
		expect(sweep.waiting()).toBe("nothing");
	});

	test("RT5 a way round is over when all had their turn, whoever has come meanwhile", () => {
		const { groups, connect, append, pass, passAll, slicesOf } = arrange([
			64 * 3,
		]);
		const [group] = groups as [Group];
		append();
		const { slice: first } = pass();
		append();
		for (let n = 0; n < 70; n++) connect(group);
		append();
		const passed = passAll();
		expect(passed).not.toContain(first);
		expect(passed).toHaveLength(slicesOf(group).length - 1);
		expect(pass().slice).toBe(first);
	});

	test("RT5 one that takes long is cut: the rest of it comes next, and is put together with the others after that", () => {
		const { sweep, groups, append, ...more } = arrange([150]);
		const { pass, cutAfter, passAll, slicesOf, sizes } = more;
		const [group] = groups as [Group];
		append();
		const { whole, rest } = cutAfter(10);
		// What comes now waits for both.
		append();
		const cut = sweep.take() as Taken;
		expect(cut.slice.members).toEqual(rest);
		expect(cut.frames).toEqual([FRAME, FRAME]);
		expect(whole.frames).toEqual([FRAME]);
		sweep.endRound();
		passAll();
		expect(sizes(group).length).toBeGreaterThan(3);
		append();
		passAll();
		expectWhole(slicesOf(group), 150, 3);
		append();
		pass();
		expect(sweep.waiting()).toBe("some");
	});

	test("RT5 slices that many have left are put together, those that wait for the same", () => {
		const { sweep, groups, connections, append, passAll, slicesOf } = arrange([
			64 * 20,
		]);
		const [group] = groups as [Group];
		for (const [n, connection] of connections.entries())
			if (n % 16 > 0) sweep.remove(connection);
		for (let round = 0; round < 20; round++) {
			append();
			passAll();
		}
		expectWhole(slicesOf(group), 80, 2);
	});

	test("RT5 one that was cut may go before it is put together with others", () => {
		const { sweep, groups, append, cutAfter, passAll, sizes } = arrange([64]);
		append();
		const { rest } = cutAfter(60);
		for (const connection of rest) sweep.remove(connection);
		expect(sweep.waiting()).toBe("nothing");
		append();
		passAll();
		expect(groups.map(sizes)).toEqual([[60]]);
	});

	test("RT5 a way round whose last ones have gone is over", () => {
		const { sweep, connections, append, pass, passAll } = arrange([64 * 3]);
		append();
		const passed = [pass().slice, pass().slice];
		for (const connection of connections)
			if (!passed.includes(connection.slice as Slice)) sweep.remove(connection);
		expect(sweep.waiting()).toBe("nothing");
		for (let round = 0; round < 5; round++) {
			append();
			expect(passAll()).toHaveLength(2);
		}
	});

	test.each([
		["48 frames", 48, FRAME],
		["256 KiB", 2, new Uint8Array(128 * 1024)],
	])("RT5 %s are enough, whoever is next", (_, count, frame) => {
		const { sweep, groups, pass } = arrange([64, 1, 64]);
		const [first, second, third] = groups as [Group, Group, Group];
		sweep.append(second, FRAME);
		for (let n = 1; n < count; n++) sweep.append(first, frame);
		sweep.append(third, FRAME);
		expect(sweep.waiting()).toBe("some");
		sweep.append(first, frame);
		expect(sweep.waiting()).toBe("enough");
		while (pass().slice.group !== first);
		expect(sweep.waiting()).not.toBe("enough");
	});
});

/** So many connections are in so few slices, each where it says it is. */
function expectWhole(
	slices: readonly Slice[],
	connections: number,
	count: number,
): void {
	const sizes = slices.map(({ members }) => members.length);
	expect(sizes).toHaveLength(count);
	expect(sizes.reduce((sum, size) => sum + size)).toBe(connections);
	expect(Math.max(...sizes)).toBeLessThanOrEqual(64);
	for (const slice of slices)
		for (const [place, member] of slice.members.entries())
			expect([member.slice, member.place]).toEqual([slice, place]);
}
