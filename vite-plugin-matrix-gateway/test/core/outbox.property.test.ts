import fc from "fast-check";
import { expect, test } from "vitest";
import {
	type Connection,
	createConnection,
} from "../../src/core/edge/connection.ts";
import { createOutbox } from "../../src/core/edge/outbox.ts";
import { fromFrames, toFrame } from "./support/frame.ts";
import { createFakeSocket } from "./support/socket.ts";

/** More than are written before the clock is looked at, twice. */
const RECEIVERS = 70;

/** One of few that come, go and are written to by themselves, among many that only receive. */
const one = fc.nat(5);

const step = fc.oneof(
	fc.record({ do: fc.constant("broadcast"), to: one }),
	fc.record({ do: fc.constant("broadcast but to"), to: one }),
	fc.record({ do: fc.constant("direct"), to: one }),
	fc.record({ do: fc.constant("drain"), to: one }),
	fc.record({ do: fc.constant("drain directed"), to: one }),
	fc.record({ do: fc.constant("add"), to: one }),
	fc.record({ do: fc.constant("remove"), to: one }),
	fc.record({ do: fc.constant("flush"), to: one }),
	fc.record({ do: fc.constant("go on"), to: one }),
);

interface Client {
	readonly connection: Connection;
	readonly written: string[];
	expected: string[];
	receives: boolean;
	hasGone: boolean;
}

function connect(n: number): Client {
	const socket = createFakeSocket({ defer: () => {}, closed: () => {} });
	const connection = createConnection(`${n}`, socket, {}, { state: "live" }, 0);
	const [receives, hasGone] = [false, false];
	return { connection, written: [], expected: [], receives, hasGone };
}

/** An outbox that finds at each look at the clock that its time is over, and what is expected of it. */
function arrange() {
	const clients = Array.from({ length: RECEIVERS }, (_, n) => connect(n));
	let time = 0;
	let sent = 0;
	const outbox = createOutbox({
		write({ id }, bytes) {
			clients[+id]?.written.push(...fromFrames(bytes));
			return true;
		},
		tooSlow: () => {},
		broadcastWaits: () => {},
		directedWaits: () => {},
		now: () => (time += 1_000),
	});
	const add = (client: Client) => {
		if (client.receives || client.hasGone) return;
		client.receives = true;
		outbox.add(client.connection);
	};
	const broadcast = (except?: Client) => {
		const text = `all ${sent++}`;
		for (const client of clients)
			if (client.receives && client !== except) client.expected.push(text);
		outbox.broadcast(toFrame(text), except?.connection);
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
		"broadcast but to": broadcast,
		direct,
		drain,
		"drain directed": () => outbox.drainDirected(),
		add,
		remove,
		flush: () => outbox.flush(),
		"go on": () => outbox.goOn(),
	};
	return { clients, outbox, add, steps };
}

test("RT5 flushed in parts, with whatever between two: each is written its own, once, in order", () => {
	let parts = 0;
	fc.assert(
		fc.property(fc.array(step, { maxLength: 40 }), (taken) => {
			const { clients, outbox, add, steps } = arrange();
			for (const client of clients.slice(3)) add(client);
			outbox.flush();
			for (const { do: name, to } of taken)
				steps[name]?.(clients[to] as Client);
			if (!outbox.flush()) parts++;
			while (!outbox.goOn());
			for (const { written, expected } of clients)
				expect(written).toEqual(expected);
		}),
		{ numRuns: 200 },
	);
	expect(parts).toBeGreaterThan(0);
});

test("RT5 who is written to between two parts is written what was flushed first", () => {
	const { clients, outbox, add, steps } = arrange();
	for (const client of clients) add(client);
	outbox.flush();
	steps.broadcast?.(clients[0] as Client);
	expect(outbox.flush()).toBe(false);
	const waiting = clients.find(({ written }) => written.length === 0) as Client;
	steps.direct?.(waiting);
	outbox.drainDirected();
	expect(waiting.written).toEqual(["all 0", "own 1"]);
	expect(clients.some(({ written }) => written.length === 0)).toBe(true);
});
