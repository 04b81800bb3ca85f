/** A node's part in a world that is in Redis: how it begins, goes on, and finds that it cannot. */
import type { Liveness } from "../../../core/order/liveness.ts";
import type { EndReason, OrderNode } from "../../../core/order/order.ts";
import { FENCED } from "../../../core/world/membership.ts";
import type { Appender, InFlight } from "./appender.ts";
import { beginEpoch, cutHistory } from "./begin-epoch.ts";
import type { History } from "./history.ts";
import type { Keeper } from "./keeper.ts";
import type { Keys } from "./keys.ts";
import type { Link } from "./link.ts";
import { lookAhead } from "./look-ahead.ts";
import { createNewcomer } from "./newcomer.ts";
import type { RedisEvent } from "./redis-event.ts";
import { createStore, type Store } from "./store.ts";
import { isTooLow, MOST_READ, type Read, type Stream } from "./stream.ts";
import { BEGINNING, compareIds } from "./stream-id.ts";

export interface Member {
	/** Whether it has read all that there was, and takes part or is about to. */
	readonly hasBegun: boolean;
	/** Does its part on a link until that ends, which it rejects with; resolves where it takes part no more. */
	serve(link: Link): Promise<void>;
}

export interface MemberParts {
	readonly node: OrderNode;
	readonly keys: Keys;
	readonly history: History;
	readonly appender: Appender;
	readonly liveness: Liveness;
	readonly keeper: Keeper;
	tell(event: RedisEvent): void;
}

/** Milliseconds for which Redis waits for an entry, and between two looks at snapshots. */
const BLOCK = 1_000;

export function createMember(parts: MemberParts): Member {
	const { node, keys, history, appender, keeper, tell } = parts;
	const newcomer = createNewcomer(parts);
	let hasBegun = false;
	/** What was on its way at the last look. */
	let late: InFlight | undefined;
	/** Up to where it may read without another word of its own. */
	let goal = BEGINNING;

	async function serve(link: Link): Promise<void> {
		const write = createStore(link.writer, keys, node.id);
		const read = createStore(link.reader, keys, node.id);
		goal = BEGINNING;
		if (!hasBegun) {
			await newcomer.begin(read);
			hasBegun = true;
		} else await rejoin(read);
		// What is in the stream of what was on its way needs not be sent again.
		await readOnce(link, read.stream);
		if (node.hasEnded) return;
		const looking = setInterval(() => {
			keeper.look(write.stream, write.snapshots).catch(link.end);
			lookForLost(link, write.stream).catch(link.end);
		}, BLOCK);
		appender.start((payload) => void put(link, write.stream, payload));
		try {
			await Promise.race([readOn(link, read.stream), link.over]);
		} finally {
			clearInterval(looking);
			appender.stop();
		}
	}

	/** Puts an entry at the end, and sounds the alarm where that is not behind what was applied [ORD12]. */
	async function put(
		link: Link,
		stream: Stream,
		payload: Buffer,
	): Promise<void> {
		const { at, ending } = history;
		try {
			const id = await stream.append(at.epoch, payload, ending.mark);
			if (!id || compareIds(id, at) <= 0) link.end(new Error(LOST));
		} catch (error) {
			// Where its epoch has ended, it is sent again as soon as the next one is read.
			if (!isTooLow(error)) link.end(error as Error);
		}
	}

	/**
	 * An entry that does not come back may have been lost with all others before anybody had read it, as by a
	 * `FLUSHALL`. Then nobody writes another one that would tell [ORD12].
	 */
	async function lookForLost(link: Link, stream: Stream): Promise<void> {
		const { inFlight } = appender;
		const isLate = inFlight !== undefined && inFlight === late;
		late = inFlight;
		if (isLate && !(await history.isThere(stream))) link.end(new Error(LOST));
	}

	async function readOn(link: Link, stream: Stream): Promise<void> {
		while (!node.hasEnded) await readOnce(link, stream, BLOCK);
	}

	async function readOnce(
		link: Link,
		stream: Stream,
		block?: number,
	): Promise<void> {
		const reads = await stream.after(history.at, MOST_READ, block);
		for (const read of reads) {
			if (!(await mayGoOn(stream)) || !link.isOpen) return;
			await take(link, read, stream);
		}
	}

	/**
	 * What comes after another's beginning it tells nobody before it has spoken behind that, and its word
	 * counts [ORD17]. Only what comes before the end of an epoch is told without.
	 */
	async function mayGoOn(stream: Stream): Promise<boolean> {
		if (!node.isUnheard || compareIds(goal, history.at) > 0) return true;
		const ahead = await lookAhead(stream, {
			...{ node: node.id, history, lastRead: appender.lastRead },
			isToCome: () => appender.isToCome && !node.hasEnded,
			patience: BLOCK,
		});
		if (ahead === "gap") end(GAP);
		else if (ahead === "fenced") node.ended(FENCED);
		else if (ahead) goal = ahead;
		else return appender.isStarted;
		return !node.hasEnded;
	}

	async function take(link: Link, read: Read, stream: Stream): Promise<void> {
		if (node.hasEnded) return;
		const { epoch } = history.at;
		const taken = await history.take(read, stream);
		keeper.read(read.payload.length);
		if (taken === "gap") end(GAP);
		if (taken === "split") end("the others go on from another history");
		if (taken === "lost") link.end(new Error(LOST));
		if (history.at.epoch > epoch) appender.again();
	}

	/** After each connect: is what was applied still there [ORD12]? */
	async function rejoin(store: Store): Promise<void> {
		const standing = await history.compare(store.stream);
		if (standing === "shorter") await openOwn(store);
		if (standing === "other") await cut(store.stream);
	}

	async function openOwn(store: Store): Promise<void> {
		const epoch = history.at.epoch + 1;
		if (await beginEpoch(store, epoch, history.ending, node.snapshot()))
			tell({ event: "historyLost", epoch, reason: LOST });
	}

	/** Others have gone on without what this node has told: nobody is to be believed more than they know. */
	async function cut(stream: Stream): Promise<void> {
		const epoch = history.at.epoch + 1;
		if (await cutHistory(stream, epoch))
			tell({ event: "historyLost", epoch, reason: LOST });
		else if (!(await stream.extent())) throw new Error(LOST);
		end(
			"others have written something else in the place of what it has applied",
		);
	}

	function end(message: string): void {
		const reason: EndReason = { code: "lost", message };
		node.ended(reason);
	}

	return {
		get hasBegun() {
			return hasBegun;
		},
		serve,
	};
}

const GAP = "what comes next in Redis is not there any more";

const LOST = "Redis does not have what was applied any more";
