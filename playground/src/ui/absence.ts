import type { World } from "../model/world.ts";
import type { ActivityPanel, Note } from "./activity.ts";
import {
	describeAbsence,
	describeChange,
	describeReturn,
	type Past,
	pastOf,
} from "./away.ts";
import type { Panels } from "./panels.ts";
import { timeOfDay } from "./time.ts";
import type { Toast } from "./toast.ts";

/** Tells a visitor who comes back what has happened meanwhile. */
export interface Absence {
	/** The connection is back. */
	comeBack(isResumed: boolean, lostAt: Date): void;
	/**
	 * To be called in each frame before the panels are brought up to date.
	 *
	 * @param seconds Since the last frame: none is drawn while the tab or the machine sleeps.
	 * @param isSettled Whether the connection is there, and the world with it.
	 * @returns whether what comes now is what was missed.
	 */
	frame(seconds: number, isSettled: boolean): boolean;
}

/** A pause between two frames from which on one was away, in seconds. */
const AWAY = 20;
/** How long what was missed may take to come once there is a connection, and in all, in seconds. */
const SETTLING = 1;
const LONGEST = 15;
/** A shorter break than this is in the activity, and nobody is bothered with it; in milliseconds. */
const BLINK = 2_000;

interface Break {
	readonly past: Past;
	readonly seconds: number;
	/** Where in the activity it begins. */
	readonly note: Note;
	missingSince: string | undefined;
	settled: number;
	lasted: number;
}

interface Return {
	readonly isResumed: boolean;
	readonly lostAt: Date;
	readonly backAt: number;
}

export function createAbsence(
	world: World,
	activity: ActivityPanel,
	panels: Panels,
	toast: Toast,
): Absence {
	let past: Past | undefined;
	let away: Break | undefined;
	/** A return that nobody was told of yet: a tab in the background draws no frame. */
	let untold: Return | undefined;

	function leave(seconds: number, past: Past): Break {
		const note = activity.note("While you were away …");
		const missingSince = undefined;
		return { past, seconds, note, missingSince, settled: 0, lasted: 0 };
	}

	function tellReturn({ isResumed, lostAt, backAt }: Return) {
		const since = timeOfDay(lostAt);
		if (away) {
			if (!isResumed) away.missingSince ??= since;
			return;
		}
		const words = describeReturn(isResumed, since);
		activity.note(words);
		if (backAt - lostAt.getTime() > BLINK) toast.show(words);
	}

	function tellAbsence({ past, seconds, note, missingSince }: Break) {
		const change = describeChange(past, pastOf(world));
		if (change === "" && missingSince === undefined) return note.remove();
		const words = describeAbsence(seconds * 1000, change, missingSince);
		note.write(words);
		toast.show(words, () => {
			panels.open("activity");
			note.scrollTo();
		});
	}

	/** Waits until what was missed is here. */
	function settle(away: Break, seconds: number, isSettled: boolean): boolean {
		away.lasted += seconds;
		away.settled = isSettled ? away.settled + seconds : 0;
		return away.settled > SETTLING || away.lasted > LONGEST;
	}

	return {
		comeBack(isResumed, lostAt) {
			// The first loss of several, and any of them that cost something.
			untold = {
				isResumed: isResumed && untold?.isResumed !== false,
				lostAt: untold?.lostAt ?? lostAt,
				backAt: Date.now(),
			};
		},
		frame(seconds, isSettled) {
			const isBack = past && !away && seconds > AWAY;
			if (past && isBack) away = leave(seconds, past);
			if (untold) tellReturn(untold);
			untold = undefined;
			if (away && !isBack && settle(away, seconds, isSettled)) {
				tellAbsence(away);
				away = undefined;
			}
			past = pastOf(world);
			return away !== undefined;
		},
	};
}
