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

/** Milliseconds without an answer after which a connection is taken for dead. */
export const ANSWER_TIMEOUT = 5_000;

/** Connects twice, or rejects and leaves nothing behind. */
export async function openLink(
	connect: Connect,
	address: Address,
): Promise<Link> {
	const connections: Connection[] = [];
	let reason: Error | undefined;
	let fail: (reason: Error) => void = () => {};
	const over = new Promise<never>((_, reject) => {
		fail = reject;
	});
	// Nobody may be waiting for it when it ends.
	over.catch(() => {});

	function end(why: Error): void {
		if (reason) return;
		reason = why;
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
		return { ask: (...words) => answered(connection.ask(...words), end) };
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

/** A host that has vanished, or a Redis that sleeps, says nothing at all. */
async function answered(
	answer: Promise<Reply>,
	end: (reason: Error) => void,
): Promise<Reply> {
	const silence = new Error(`no answer for ${ANSWER_TIMEOUT / 1000} s`);
	const timer = setTimeout(end, ANSWER_TIMEOUT, silence);
	try {
		return await answer;
	} finally {
		clearTimeout(timer);
	}
}
