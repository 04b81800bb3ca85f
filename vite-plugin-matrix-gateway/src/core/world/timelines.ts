/**
 * Which history a place in the order is of. A node that begins may not know the latest of what was,
 * and other broadcasts then have those places. So each beginning is a timeline of its own: a place
 * of a former one is of this history up to where the next one has begun.
 */
export interface Timelines {
	/** The name of the one that is now. */
	readonly current: string;
	/** From a place on there is another one. */
	begin(name: string, at: number): void;
	/** From a place on there is another one, and nothing before it is of this history for sure. */
	beginAlone(name: string, at: number): void;
	/** Whether a place that was told in a timeline is of this history. */
	has(name: string, place: number): boolean;
	cut(): readonly Timeline[];
	/** Makes them what they were when that was cut; nothing where it was before there were any. */
	restore(timelines: readonly Timeline[] | undefined): void;
}

/** A name, and the first of its places. */
export type Timeline = readonly [name: string, start: number];

/** How many are remembered: who comes back with a place was there a minute ago. */
const MOST = 32;

export function createTimelines(): Timelines {
	let all: readonly Timeline[] = [];

	return {
		get current() {
			return all.at(-1)?.[0] ?? "";
		},
		begin(name, at) {
			all = [...all, [name, at] as const].slice(-MOST);
		},
		beginAlone(name, at) {
			all = [[name, at]];
		},
		has(name, place) {
			const index = all.findIndex(([other]) => other === name);
			const [, end] = all[index + 1] ?? ["", Number.POSITIVE_INFINITY];
			return index !== -1 && place <= end;
		},
		cut: () => all,
		restore(timelines = []) {
			all = timelines;
		},
	};
}
