/** As much of a Redis as a node asks for, in memory, whose connections do what a test says. */
import type {
	Connect,
	Connection,
	Reply,
} from "../../../../../src/node/order/redis/connection.ts";
import {
	compareIds,
	formatId,
	parseId,
	type StreamId,
} from "../../../../../src/node/order/redis/stream-id.ts";
import { KEYS } from "./replica.ts";

export interface FakeRedis {
	readonly connect: Connect;
	/** The same for one node, whose commands have a rule of their own before that of all. */
	connectBy(rule: Rule): Connect;
	/** The stream, which a test may change behind everybody's back. */
	entries: FakeEntry[];
	/** The last place that was given; undefined where there is no stream. */
	last: StreamId | undefined;
	/** Every command that was asked, as words without bytes. */
	readonly asked: readonly string[];
	/** Asked before each command: what becomes of it. The default lets all pass. */
	rule: Rule;
	/** All connections end; what was asked and not answered never is. */
	cut(): void;
	/** All is gone, and the connections stay. */
	flush(): void;
	/** The last entries are gone, and all connections end, as after a failover. */
	loseTail(count: number): void;
	/** Lists and hashes. */
	readonly others: Map<string, Map<string, string> | Buffer[]>;
}

export type Rule = (command: string, words: Words) => Fate;

export interface FakeEntry {
	readonly id: StreamId;
	readonly payload: Buffer;
	/** Undefined where none was written. */
	readonly mark?: string | undefined;
}

/**
 * - `pass`: it is done and answered.
 * - `lost`: it is done, and its connection ends before the answer.
 * - `ignored`: it is not done, and its connection ends.
 * - `late`: it is done at once, and answered after its connection has ended, too late.
 * - an Error: it is not done, and that is the answer.
 * - a promise: it is done then, and answered.
 */
export type Fate = "pass" | "lost" | "ignored" | "late" | Error | Promise<void>;

export function createFakeRedis(): FakeRedis {
	const connections = new Set<() => void>();
	const asked: string[] = [];
	let readers: (() => void)[] = [];

	function wake(): void {
		const waiting = readers;
		readers = [];
		for (const reader of waiting) reader();
	}

	function add([key, ...words]: Words): Reply {
		const isMade = words[0] === "NOMKSTREAM";
		if (isMade && !redis.last) return null;
		const [place, , payload, , mark] = isMade ? words.slice(1) : words;
		const asks = String(place);
		const id = asks.endsWith("-*") ? nextOf(asks, redis.last) : parseId(asks);
		if (redis.last && compareIds(id, redis.last) <= 0) throw TOO_LOW;
		if (key === KEYS.log) {
			redis.last = id;
			redis.entries.push({
				id,
				payload: Buffer.from(payload as Buffer),
				mark: mark === undefined ? undefined : String(mark),
			});
		}
		wake();
		return bytes(formatId(id));
	}

	async function read(words: Words): Promise<Reply> {
		const texts = words.map(String);
		const after = parseId(texts.at(-1) ?? "");
		const count = Number(texts[1]);
		const block = texts[2] === "BLOCK" ? Number(texts[3]) : 0;
		const found = () =>
			redis.entries
				.filter(({ id }) => compareIds(id, after) > 0)
				.slice(0, count);
		if (found().length === 0 && block > 0) await added(block);
		const entries = found().map(toFleeting);
		return entries.length === 0 ? null : [[bytes(KEYS.log), entries]];
	}

	function added(block: number): Promise<void> {
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, block);
			readers.push(() => {
				clearTimeout(timer);
				resolve();
			});
		});
	}

	function information(): Reply {
		if (!redis.last) throw new Error("ERR no such key");
		const [first] = redis.entries;
		const entry = first ? toReply(first) : null;
		const last = formatId(redis.last);
		return [bytes("last-generated-id"), bytes(last), "first-entry", entry];
	}

	function range([, from = "", to = ""]: Words): Reply {
		const [low, high] = [parseId(String(from)), parseId(String(to))];
		return redis.entries
			.filter(({ id }) => compareIds(id, low) >= 0 && compareIds(id, high) <= 0)
			.map(toReply);
	}

	function trim([, , , before = ""]: Words): Reply {
		const least = parseId(String(before));
		redis.entries = redis.entries.filter(
			({ id }) => compareIds(id, least) >= 0,
		);
		return 1;
	}

	function listOf(key: unknown): Buffer[] {
		const name = String(key);
		const list = (redis.others.get(name) ?? []) as Buffer[];
		redis.others.set(name, list);
		return list;
	}

	function hashOf(key: unknown): Map<string, string> {
		const name = String(key);
		const hash = redis.others.get(name) ?? new Map<string, string>();
		redis.others.set(name, hash);
		return hash as Map<string, string>;
	}

	const commands: Readonly<Record<string, (words: Words) => unknown>> = {
		XADD: add,
		XREAD: read,
		XRANGE: range,
		XINFO: information,
		XTRIM: trim,
		RPUSH: ([key, piece]) => listOf(key).push(Buffer.from(piece as Buffer)),
		LRANGE: ([key, from, to]) =>
			listOf(key).slice(Number(from), Number(to) + 1),
		LLEN: ([key]) => listOf(key).length,
		HVALS: ([key]) => [...hashOf(key).values()].map(bytes),
		HSET: ([key, field, value]) => {
			hashOf(key).set(String(field), String(value));
			return 1;
		},
		HDEL: ([key, field]) => Number(hashOf(key).delete(String(field))),
		UNLINK: ([key]) => Number(redis.others.delete(String(key))),
		EXPIRE: () => 1,
		PERSIST: () => 1,
	};

	async function answer(words: Words, fate: Fate): Promise<Reply> {
		const [name, ...rest] = words;
		if (fate instanceof Error) throw fate;
		if (fate instanceof Promise) await fate;
		// As a network does, it takes more than no time.
		await nextTurn();
		return (await commands[String(name)]?.(rest)) as Reply;
	}

	const redis: FakeRedis = {
		asked,
		entries: [],
		last: undefined,
		others: new Map(),
		rule: () => "pass",
		cut() {
			for (const end of [...connections]) end();
		},
		flush() {
			redis.entries = [];
			redis.last = undefined;
			redis.others.clear();
		},
		loseTail(count) {
			redis.entries = redis.entries.slice(0, -count);
			redis.last = redis.entries.at(-1)?.id;
			redis.cut();
		},
		connect: (_, ended) => createConnection(ended, () => "pass"),
		connectBy: (rule) => (_, ended) => createConnection(ended, rule),
	};
	return redis;

	async function createConnection(
		ended: (error: Error) => void,
		own: Rule,
	): Promise<Connection> {
		await nextTurn();
		let over: (error: Error) => void = () => {};
		const isOver = new Promise<never>((_, reject) => {
			over = reject;
		});
		isOver.catch(() => {});
		function end(): void {
			if (!connections.delete(end)) return;
			over(CUT);
			ended(CUT);
		}
		connections.add(end);

		async function ask(...words: Words): Promise<Reply> {
			if (!connections.has(end)) throw CUT;
			asked.push(words.filter((word) => typeof word === "string").join(" "));
			const ours = own(String(words[0]), words);
			const fate = ours === "pass" ? redis.rule(String(words[0]), words) : ours;
			if (fate === "ignored") {
				end();
				return isOver;
			}
			const answered = answer(words, fate);
			if (fate === "late") {
				const [reply] = await Promise.all([answered, isOver.catch(() => {})]);
				await nextTurn();
				return reply;
			}
			if (fate === "lost") void answered.then(end, end);
			return Promise.race([fate === "lost" ? isOver : answered, isOver]);
		}

		return { end, ask };
	}
}

type Words = readonly (string | Buffer)[];

const CUT = new Error("the line was cut");

const TOO_LOW = new Error(
	"ERR The ID specified in XADD is equal or smaller than the target stream top item",
);

const bytes = (text: string) => Buffer.from(text);

const toReply = ({ id, payload, mark }: FakeEntry): Reply => {
	const marked = mark === undefined ? [] : [bytes("m"), bytes(mark)];
	return [bytes(formatId(id)), [bytes("e"), payload, ...marked]];
};

/** What was read from a socket is overwritten by what comes next. */
function toFleeting(entry: FakeEntry): Reply {
	const payload = Buffer.from(entry.payload);
	setTimeout(() => payload.fill(0), 5);
	return toReply({ ...entry, payload });
}

const nextTurn = () =>
	new Promise<void>((resolve) => setImmediate(() => resolve()));

/** The place that Redis gives who asks for one in an epoch. */
function nextOf(asks: string, last: StreamId | undefined): StreamId {
	const epoch = Number(asks.slice(0, -2));
	if (!last || epoch > last.epoch) return { epoch, place: 0 };
	return { epoch, place: epoch === last.epoch ? last.place + 1 : 0 };
}
