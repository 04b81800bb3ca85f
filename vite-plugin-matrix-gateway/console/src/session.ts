/** What the page knows of its gateway: asked for again and again, while somebody looks. */
import type { Report } from "../../src/node/console/wire.ts";
import { ask, Refusal, toReason } from "./api.ts";
import { goOn, type History, NO_HISTORY } from "./now/history.ts";
import { type Row, toRows } from "./now/report.ts";
import { createStore } from "./ui/store.ts";

export type Session =
	| { readonly state: "opening" }
	| {
			/** A token is asked for, or the one that was shown is not enough. */
			readonly state: "refused";
			readonly status: number;
			readonly reason: string;
	  }
	| {
			readonly state: "open";
			readonly report: Report;
			readonly rows: readonly Row[];
			readonly history: History;
			/** Why what is shown is not of now. */
			readonly stale: string | undefined;
	  };

export const session = createStore<Session>({ state: "opening" });

/** The world that is looked at. */
export const world = createStore(worldOfAddress() ?? "default");

/** Milliseconds between two looks while what is seen is shown; of many connections twice as many. */
const PERIOD = 1_000;
const MANY = 1_000;
/**
 * While little of it is shown, however many: in a storm to look once takes the gateway as much as a second of a tap
 * does. After 10 s without a look it stops to measure how the process fares.
 */
const CALM_PERIOD = 5_000;

let isCalm = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let asking: AbortController | undefined;

/** Begins to look, at once; also anew, with another token or at another world. */
export function look(): void {
	clearTimeout(timer);
	asking?.abort();
	const controller = new AbortController();
	asking = controller;
	void askOnce(controller.signal).then((isToGoOn) => {
		if (controller.signal.aborted || !isToGoOn) return;
		timer = setTimeout(look, periodOf(session.get()));
	});
}

/** Whether it is enough to look now and then; looks at once. */
export function calmDown(isEnough: boolean): void {
	isCalm = isEnough;
	look();
}

export function chooseWorld(name: string): void {
	const address = new URL(location.href);
	address.searchParams.set("world", name);
	history.replaceState(null, "", address);
	world.set(name);
	session.set({ state: "opening" });
	look();
}

function periodOf(now: Session): number {
	if (isCalm) return CALM_PERIOD;
	const isLarge = now.state === "open" && now.rows.length > MANY;
	return isLarge ? 2 * PERIOD : PERIOD;
}

async function askOnce(signal: AbortSignal): Promise<boolean> {
	try {
		const response = await ask("now", { world: world.get(), signal });
		const report: Report = await response.json();
		if (!signal.aborted) take(report);
		return true;
	} catch (error) {
		if (signal.aborted) return false;
		return fail(error);
	}
}

function take(report: Report): void {
	const before = session.get();
	const last = before.state === "open" ? before.report : undefined;
	const earlier = before.state === "open" ? before.history : NO_HISTORY;
	session.set({
		state: "open",
		report,
		rows: toRows(report, last),
		history: last ? goOn(earlier, report, last) : earlier,
		stale: undefined,
	});
}

/** Whether it is worth to look again. */
function fail(error: unknown): boolean {
	const before = session.get();
	if (error instanceof Refusal && error.status < 500) {
		const { status, message: reason } = error;
		session.set({ state: "refused", status, reason });
		return false;
	}
	const stale = toReason(error);
	if (before.state === "open") session.set({ ...before, stale });
	return true;
}

function worldOfAddress(): string | undefined {
	return new URL(location.href).searchParams.get("world") ?? undefined;
}
