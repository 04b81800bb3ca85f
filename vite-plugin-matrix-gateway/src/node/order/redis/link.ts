/** The two connections of a node: one that writes, and one that waits for what comes. They end together. */
import type { Address } from "./address.ts";
import type { Connect, Connection, Reply } from "./connection.ts";

/** Who asks on one of the two. */
export type Ask = Pick<Connection, "ask">;

export interface Link {
	readonly writer: Ask;
	readonly reader: Ask;
	readonly isOpen: boolean;
	/** Rejects with why it ended, once it has. */
	readonly over: Promise<never>;
	/** Ends it; the first reason counts. */
	end(reason: Error): void;
}

/** Milliseconds between two looks whether something was answered. */
const LOOK = 1_000;

/** So many looks in a row without an answer, and a connection is taken for dead. */
const PATIENCE = 5;

/** Connects twice, or rejects and leaves nothing behind. */
export async function openLink(
	connect: Connect,
	address: Address,
): Promise<Link> {
	const watches: Watch[] = [];
	const connections: Connection[] = [];
	let reason: Error | undefined;
	let fail: (reason: Error) => void = () => {};
	const over = new Promise<never>((_, reject) => {
		fail = reject;
	});
	// Nobody may be waiting for it when it ends.
	over.catch(() => {});
	const timer = setInterval(() => {
		if (watches.some((watch) => watch.look())) end(SILENCE);
	}, LOOK).unref();

	function end(why: Error): void {
		if (reason) return;
		reason = why;
		clearInterval(timer);
		fail(why);
		for (const connection of connections) connection.end();
	}

	async function open(): Promise<Ask> {
		const connection = await connect(address, end);
		connections.push(connection);
		if (reason) {
			connection.end();
			throw reason;
		}
		const watch = createWatch({
			async ask(...words) {
				const reply = await connection.ask(...words);
				// What comes too late may have been asked from another place [ORD15].
				if (reason) throw reason;
				return reply;
			},
		});
		watches.push(watch);
		return watch;
	}

	try {
		const writer = await open();
		const reader = await open();
		return {
			...{ writer, reader, over, end },
			get isOpen() {
				return reason === undefined;
			},
		};
	} catch (error) {
		end(error as Error);
		throw reason ?? error;
	}
}

const SILENCE = new Error(`no answer for ${(PATIENCE * LOOK) / 1000} s`);

interface Watch extends Ask {
	/** Whether it has been silent for too long. */
	look(): boolean;
}

/**
 * A host that has vanished, or a Redis that sleeps, says nothing at all. Looks are counted, not
 * time: this process may have slept, and the answer be there.
 */
function createWatch(connection: Ask): Watch {
	let waiting = 0;
	let looks = 0;
	return {
		async ask(...words): Promise<Reply> {
			if (waiting++ === 0) looks = 0;
			try {
				return await connection.ask(...words);
			} finally {
				waiting--;
				looks = 0;
			}
		},
		look: () => waiting > 0 && ++looks > PATIENCE,
	};
}
