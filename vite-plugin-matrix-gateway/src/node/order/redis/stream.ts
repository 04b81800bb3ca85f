/** The stream of a world's entries, in words of the order. What it answers shares no memory with a reply. */
import type { Connection, Reply } from "./connection.ts";
import { formatId, parseId, type StreamId } from "./stream-id.ts";

/** One entry, as it is in the stream. */
export interface Read {
	readonly id: StreamId;
	readonly payload: Buffer;
}

/** Where a stream begins and how far it has come. */
export interface Extent {
	/** Undefined where it has no entry. */
	readonly first: StreamId | undefined;
	/** The last that there was, also where it is trimmed by now. */
	readonly last: StreamId;
}

/** Entries that are read at once. One may be a megabyte. */
export const MOST_READ = 64;

export interface Stream {
	/** Puts an entry at the end of its epoch; undefined where there is no stream at all [ORD11]. */
	append(epoch: number, payload: Buffer): Promise<StreamId | undefined>;
	/** Begins an epoch; false where somebody else has. */
	open(id: StreamId, payload: Buffer): Promise<boolean>;
	/** What comes after a place: at once where there is some, else once there is, or nothing after `block` ms. */
	after(id: StreamId, count: number, block?: number): Promise<Read[]>;
	/** The entry at a place. */
	at(id: StreamId): Promise<Read | undefined>;
	/** All from one place to another, both included. */
	between(from: StreamId, to: StreamId): Promise<Read[]>;
	/** Undefined where there is no stream. */
	extent(): Promise<Extent | undefined>;
	/** Lets go of entries before a place; of some, if there are many. */
	trim(before: StreamId): Promise<void>;
}

export function createStream(
	{ ask }: Pick<Connection, "ask">,
	key: string,
): Stream {
	async function between(from: StreamId, to: StreamId): Promise<Read[]> {
		const range = [formatId(from), formatId(to)];
		return toList(await ask("XRANGE", key, ...range)).map(toRead);
	}

	return {
		between,
		async append(epoch, payload) {
			// Without the stream its history is lost: an entry is no beginning of one.
			const id = await ask(
				...["XADD", key, "NOMKSTREAM", `${epoch}-*`, FIELD],
				payload,
			);
			return id === null ? undefined : parseId(String(id));
		},
		async open(id, payload) {
			try {
				await ask("XADD", key, formatId(id), FIELD, payload);
				return true;
			} catch (error) {
				if (isTooLow(error)) return false;
				throw error;
			}
		},
		async after(id, count, block) {
			const blocking = block === undefined ? [] : ["BLOCK", `${block}`];
			const reply = await ask(
				...["XREAD", "COUNT", `${count}`, ...blocking],
				...["STREAMS", key, formatId(id)],
			);
			const [stream] = toList(reply);
			return toList(toList(stream)[1]).map(toRead);
		},
		async at(id) {
			const [entry] = await between(id, id);
			return entry;
		},
		async extent() {
			try {
				return toExtent(toList(await ask("XINFO", "STREAM", key)));
			} catch (error) {
				if (/no such key/.test(messageOf(error))) return undefined;
				throw error;
			}
		},
		async trim(before) {
			await ask("XTRIM", key, "MINID", "~", formatId(before));
		},
	};
}

/** Whether a stream has come further than the epoch in which somebody wanted to write [ORD11]. */
export function isTooLow(error: unknown): boolean {
	return /equal or smaller than the target stream top item/.test(
		messageOf(error),
	);
}

/** The one field of each entry. */
const FIELD = "e";

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

function toList(reply: Reply | undefined): readonly Reply[] {
	return Array.isArray(reply) ? reply : [];
}

function toRead(entry: Reply): Read {
	const [id, fields] = toList(entry);
	const payload = toList(fields)[1];
	return {
		id: parseId(String(id)),
		payload: Buffer.isBuffer(payload) ? copyOf(payload) : NOTHING,
	};
}

const NOTHING = Buffer.alloc(0);

/** A reply is a view of what was read from the socket, of which it would keep the whole. */
function copyOf(bytes: Buffer): Buffer {
	const copy = Buffer.allocUnsafeSlow(bytes.length);
	bytes.copy(copy);
	return copy;
}

function toExtent(fields: readonly Reply[]): Extent {
	const fieldOf = (name: string) =>
		fields[fields.findIndex((field) => String(field) === name) + 1];
	const [first] = toList(fieldOf("first-entry"));
	return {
		first: first === undefined ? undefined : parseId(String(first)),
		last: parseId(String(fieldOf("last-generated-id"))),
	};
}
