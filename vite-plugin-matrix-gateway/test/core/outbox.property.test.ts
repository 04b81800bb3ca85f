import fc from "fast-check";
import { expect, test } from "vitest";
import {
	type Connection,
	createConnection,
} from "../../src/core/edge/connection.ts";
import type { Group } from "../../src/core/edge/group.ts";
import { createOutbox } from "../../src/core/edge/outbox.ts";
import {
	createAudience,
	createEveryone,
} from "../../src/core/world/audience.ts";
import { createBroadcastLog } from "../../src/core/world/broadcast-log.ts";
import { createFilter, type Filter } from "../../src/core/world/filter.ts";
import { fromFrames, toFrame } from "./support/frame.ts";
import { createFakeSocket } from "./support/socket.ts";

/** In three groups: of two slices each, so that what is written to one may be cut, and more than once. */
const RECEIVERS = 200;

/** Of the frames of these tests about so many are written at once. */
const AT_ONCE = 150;

/** One of few that come, go and are written to by themselves, among many that only receive. */
const one = fc.nat(5);

const step = fc.oneof(
	fc.record({ do: fc.constant("broadcast"), to: one }),
	fc.record({ do: fc.constant("broadcast to a group"), to: one }),
	fc.record({ do: fc.constant("move"), to: one }),
	fc.record({ do: fc.constant("broadcast but to"), to: one }),
	fc.record({ do: fc.constant("direct"), to: one }),
	fc.record({ do: fc.constant("drain"), to: one }),
	fc.record({ do: fc.constant("drain directed"), to: one }),
	fc.record({ do: fc.constant("add"), to: one }),
	fc.record({ do: fc.constant("remove"), to: one }),
	fc.record({ do: fc.constant("flush"), to: one }),
);

/** As many as that: else fast-check takes ten at most. */
const taken = fc.array(step, { maxLength: 60, size: "max" });

interface Client {
	readonly connection: Connection;
	readonly written: string[];
	expected: string[];
	receives: boolean;
	hasGone: boolean;
}

function connect(n: number, group: Group): Client {
	const socket = createFakeSocket({ defer: () => {}, closed: () => {} });
	const live = { state: "live" } as const;
	const connection = createConnection(`${n}`, socket, {}, group, live, 0);
	const [receives, hasGone] = [false, false];
	return { connection, written: [], expected: [], receives, hasGone };
}

/** An outbox that writes to some of a slice at a time, and what is expected of it. */
function arrange() {
	const log = createBroadcastLog({ maxLogBytes: 0 });
	const everyone: Group = { audience: createEveryone(log) };
	const filtered = ["one", "two"].map((name) => ({
		audience: createAudience(createFilter([name], undefined) as Filter, log),
	}));
	const all = [everyone, ...filtered];
	const clients = Array.from({ length: RECEIVERS }, (_, n) =>
		connect(n, all[n % 3] as Group),
	);
	let sent = 0;
	let writes = 0;
	const outbox = createOutbox({
		groups: { everyone },
		write({ id }, bytes) {
			writes++;
			clients[+id]?.written.push(...fromFrames(bytes));
			return true;
		},
		tooSlow: () => {},
		broadcastWaits: () => {},
		directedWaits: () => {},
		mostWritten: AT_ONCE,
	});
	const add = (client: Client) => {
		if (client.receives || client.hasGone) return;
		client.receives = true;
		outbox.add(client.connection);
	};
	const broadcast = (except?: Client, groups: readonly Group[] = filtered) => {
		const text = `all ${sent++}`;
		const isFor = ({ connection: { group } }: Client) =>
			group === everyone || groups.includes(group);
		for (const client of clients)
			if (client.receives && client !== except && isFor(client))
				client.expected.push(text);
		outbox.broadcast(toFrame(text), except?.connection, groups);
	};
	const move = ({ connection, hasGone }: Client) => {
		const next = (all.indexOf(connection.group) + 1) % all.length;
		if (!hasGone) outbox.move(connection, all[next] as Group);
	};
	const direct = (client: Client) => {
		if (client.hasGone) return;
		client.expected.push(`own ${sent}`);
		outbox.direct(client.connection, toFrame(`own ${sent++}`));
	};
	const remove = (client: Client) => {
		outbox.remove(client.connection);
		client.receives = false;
		client.hasGone = true;
		// What waited for it is dropped.
		client.expected = client.expected.slice(0, client.written.length);
	};
	const drain = ({ connection, hasGone }: Client) => {
		if (!hasGone) outbox.drain(connection);
	};
	const steps: Record<string, (client: Client) => void> = {
		broadcast: () => broadcast(),
		"broadcast to a group": (client) => broadcast(client, filtered.slice(1)),
		move,
		"broadcast but to": (client) => broadcast(client),
		direct,
		drain,
		"drain directed": () => outbox.drainDirected(),
		add,
		remove,
		flush: () => outbox.flush(),
	};
	const flushAll = () => {
		outbox.drainDirected();
		while (outbox.flush());
	};
	return { clients, outbox, add, steps, flushAll, writes: () => writes };
}

test("RT5 SUB2 written slice by slice, with whatever between two: each gets its own, once, in order", () => {
	let cuts = 0;
	fc.assert(
		fc.property(taken, (all) => {
			const { clients, add, steps, flushAll } = arrange();
			for (const client of clients.slice(3)) add(client);
			for (const { do: name, to } of all) steps[name]?.(clients[to] as Client);
			const slices = new Set(clients.map(({ connection }) => connection.slice));
			if (slices.size > 7) cuts++;
			flushAll();
			for (const { written, expected } of clients)
				expect(written).toEqual(expected);
		}),
		{ numRuns: 200 },
	);
	expect(cuts).toBeGreaterThan(20);
});

test("RT5 who is written to between two slices is written what was broadcast before", () => {
	const { clients, outbox, add, steps } = arrange();
	for (const client of clients) add(client);
	steps.broadcast?.(clients[0] as Client);
	outbox.flush();
	const waiting = clients.find(({ written }) => written.length === 0) as Client;
	steps.direct?.(waiting);
	outbox.drainDirected();
	expect(waiting.written).toEqual(["all 0", "own 1"]);
	expect(clients.some(({ written }) => written.length === 0)).toBe(true);
});

test("RT5 what comes while some are written goes with the rest of it to those who are next", () => {
	const { clients, add, steps, flushAll, outbox, writes } = arrange();
	for (const client of clients) add(client);
	steps.broadcast?.(clients[0] as Client);
	outbox.flush();
	const early = clients.filter(({ written }) => written.length > 0);
	steps.broadcast?.(clients[0] as Client);
	flushAll();
	expect(early.length).toBeGreaterThan(0);
	expect(early.length).toBeLessThan(RECEIVERS);
	// Two for these, and one for everyone else.
	expect(writes()).toBe(RECEIVERS + early.length);
	for (const { written, expected } of clients)
		expect(written).toEqual(expected);
});
