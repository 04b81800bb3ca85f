/** The stream of a world's entries, in words of the order. What it answers shares no memory with a reply. */
import type { Connection, Reply } from "./connection.ts";
import { formatId, parseId, type StreamId } from "./stream-id.ts";

/** One entry, as it is in the stream. */
export interface Read {
	readonly id: StreamId;
	readonly payload: Buffer;
	/** Of the beginning of its epoch, as its writer knows it; undefined in that, and in what older versions wrote. */
	readonly mark: string | undefined;
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
	append(
		epoch: number,
		payload: Buffer,
		mark: string | undefined,
	): Promise<StreamId | undefined>;
	/** Begins an epoch; false where somebody else has. */
	open(id: StreamId, payload: Buffer): Promise<boolean>;
	/** The same where a stream is there; false where none is. */
	goOn(id: StreamId, payload: Buffer): Promise<boolean>;
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

	async function begin(
		id: StreamId,
		payload: Buffer,
		...options: string[]
	): Promise<boolean> {
		const words = ["XADD", key, ...options, formatId(id), FIELD];
		try {
			return (await ask(...words, payload)) !== null;
		} catch (error) {
			if (isTooLow(error)) return false;
			throw error;
		}
	}

	return {
		between,
		async append(epoch, payload, mark) {
			const marked = mark === undefined ? [] : [MARK, mark];
			// Without the stream its history is lost: an entry is no beginning of one.
			const id = await ask(
				...["XADD", key, "NOMKSTREAM", `${epoch}-*`, FIELD, payload],
				...marked,
			);
			return id === null ? undefined : parseId(String(id));
		},
		open: begin,
		goOn: (id, payload) => begin(id, payload, "NOMKSTREAM"),
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

/** The field of an entry that holds its payload: the first one, for older versions know no other. */
const FIELD = "e";

/** And the one of its mark. */
const MARK = "m";

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

function toList(reply: Reply | undefined): readonly Reply[] {
	return Array.isArray(reply) ? reply : [];
}

function toRead(entry: Reply): Read {
	const [id, fields] = toList(entry);
	const payload = fieldOf(toList(fields), FIELD);
	const mark = fieldOf(toList(fields), MARK);
	return {
		id: parseId(String(id)),
		payload: Buffer.isBuffer(payload) ? copyOf(payload) : NOTHING,
		mark: mark === undefined ? undefined : String(mark),
	};
}

/** Of names and values in turn. */
function fieldOf(fields: readonly Reply[], name: string): Reply | undefined {
	const index = fields.findIndex(
		(field, n) => n % 2 === 0 && String(field) === name,
	);
	return index === -1 ? undefined : fields[index + 1];
}

const NOTHING = Buffer.alloc(0);

/** A reply is a view of what was read from the socket, of which it would keep the whole. */
function copyOf(bytes: Buffer): Buffer {
	const copy = Buffer.allocUnsafeSlow(bytes.length);
	bytes.copy(copy);
	return copy;
}

function toExtent(fields: readonly Reply[]): Extent {
	const [first] = toList(fieldOf(fields, "first-entry"));
	return {
		first: first === undefined ? undefined : parseId(String(first)),
		last: parseId(String(fieldOf(fields, "last-generated-id"))),
	};
}
