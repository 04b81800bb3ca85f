/** The tap: open while the page looks at it, or goes back in time with what it has heard. */
import type { StateNow } from "../../../src/node/console/wire.ts";
import { ask, Refusal, toReason } from "../api.ts";
import { createStore } from "../ui/store.ts";
import { type Batch, type Heard, readBatches } from "./batch.ts";
import { EVERYTHING, type Filter, passing } from "./filter.ts";
import { createRing } from "./ring.ts";

export interface TapView {
	/** What passes the filter, from the oldest on. */
	readonly shown: readonly Heard[];
	/** While it stands still: how many have come since. */
	readonly waiting: number;
	readonly isPaused: boolean;
	readonly isOpen: boolean;
	/** Why it is shut. */
	readonly problem: string | undefined;
	readonly filter: Filter;
	/** What it goes on from, once the gateway has told it. */
	readonly base: Base | undefined;
	/** What there is of it, what had to go, what came too fast, and what the token does not show. */
	readonly kept: number;
	readonly bytes: number;
	readonly gone: number;
	readonly dropped: number;
	readonly hidden: number;
}

const NOTHING: TapView = {
	...{ shown: [], waiting: 0, isPaused: false, isOpen: false },
	...{ problem: undefined, filter: EVERYTHING, base: undefined },
	...{ kept: 0, bytes: 0, gone: 0, dropped: 0, hidden: 0 },
};

export const tap = createStore<TapView>(NOTHING);

/** All that was heard, whatever the filter is. */
export function heardSoFar(): readonly Heard[] {
	return ring.all;
}

/** The world as it was when the tap was opened, and the number of what was heard next. */
export interface Base {
	readonly state: StateNow;
	readonly at: number;
	readonly number: number;
}

/**
 * Milliseconds in which more may come, which is then drawn at once: the gateway gives a batch each 250, but to who could
 * not read for a while several. And until it is opened again.
 */
const GATHERING = 50;
const AGAIN = 2_000;

let fits = passing(EVERYTHING);
let ring = createRing();
let counted = { dropped: 0, hidden: 0 };
let shown: Heard[] = [];
let waiting: Heard[] = [];
let controller: AbortController | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Opens it at a world, in place of any other. */
export function openTap(world: string): void {
	shutTap();
	controller = new AbortController();
	void listen(world, controller.signal);
}

/** Forgets what was heard, too: what is shown before it opens anew would be of then. */
export function shutTap(): void {
	controller?.abort();
	clearTimeout(timer);
	timer = undefined;
	ring = createRing();
	counted = { dropped: 0, hidden: 0 };
	shown = [];
	waiting = [];
	const { filter } = tap.get();
	tap.set({ ...NOTHING, filter });
}

async function listen(world: string, signal: AbortSignal): Promise<void> {
	while (!signal.aborted) {
		try {
			const { body } = await ask("tap", { world, signal });
			if (!body) return;
			tap.set({ ...tap.get(), isOpen: true, problem: undefined });
			void readBase(world, signal);
			for await (const batch of readBatches(body)) take(batch);
			throw new TypeError("it has ended");
		} catch (error) {
			if (signal.aborted) return;
			const problem = toReason(error);
			tap.set({ ...tap.get(), isOpen: false, problem });
			if (error instanceof Refusal && error.status < 500) return;
		}
		await new Promise((resolve) => setTimeout(resolve, AGAIN));
	}
}

/** What came until it was answered is in it. */
async function readBase(world: string, signal: AbortSignal): Promise<void> {
	try {
		const state = await (await ask("state", { world, signal })).json();
		const base = { state, at: Date.now(), number: ring.next };
		tap.set({ ...tap.get(), base });
	} catch {
		// Then there is nothing to go back to, which the view tells.
	}
}

function take({ heard, dropped, hidden }: Batch): void {
	const now = tap.get();
	const passed = ring.add(heard).filter(fits);
	if (now.isPaused) waiting.push(...passed);
	else shown.push(...passed);
	counted.dropped += dropped;
	counted.hidden += hidden;
	timer ??= setTimeout(draw, GATHERING);
}

/** What the ring has let go of is not shown any more. */
function draw(): void {
	timer = undefined;
	const now = tap.get();
	const first = ring.all[0]?.number ?? 0;
	if (!now.isPaused) shown = since(shown, first);
	tap.set({
		...now,
		shown: shown.slice(),
		waiting: waiting.length,
		...{ kept: ring.all.length, bytes: ring.bytes, gone: ring.gone },
		dropped: now.dropped + counted.dropped,
		hidden: now.hidden + counted.hidden,
	});
	counted = { dropped: 0, hidden: 0 };
}

function since(heard: Heard[], first: number): Heard[] {
	const at = heard.findIndex(({ number }) => number >= first);
	return at <= 0 ? (at === 0 ? heard : []) : heard.slice(at);
}

export function pause(isPaused: boolean): void {
	ring.hold(isPaused);
	if (!isPaused) {
		shown.push(...waiting);
		waiting = [];
	}
	tap.set({ ...tap.get(), isPaused });
	draw();
}

export function setFilter(filter: Filter): void {
	fits = passing(filter);
	const { isPaused } = tap.get();
	const last = isPaused
		? (shown.at(-1)?.number ?? -1)
		: Number.POSITIVE_INFINITY;
	const passed = ring.all.filter(fits);
	shown = passed.filter(({ number }) => number <= last);
	waiting = passed.filter(({ number }) => number > last);
	tap.set({ ...tap.get(), filter });
	draw();
}

export function clear(): void {
	ring.clear();
	shown = [];
	waiting = [];
	draw();
}
