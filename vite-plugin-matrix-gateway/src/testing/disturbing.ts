/** What goes wrong by itself. */
import type { Network } from "./network.ts";
import type { Disturbance, RestartOptions } from "./options.ts";
import type { Chance } from "./seeded.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What is disturbed. */
export interface DisturbedParts {
	readonly time: VirtualTime;
	readonly chance: Chance;
	readonly network: Network;
	restart(options: RestartOptions): void;
}

/** Returns what begins a disturbance, in place of the one before. */
export function createDisturbing(
	parts: DisturbedParts,
): (disturbance: Disturbance) => void {
	const { time, chance, network, restart } = parts;
	let stops: (() => void)[] = [];

	/** Something between 0 and twice as much, again and again. */
	function repeat(every: number | undefined, what: () => void): void {
		if (every === undefined) return;
		checkDuration(every);
		const index = stops.length;
		const plan = () => {
			stops[index] = time.setTimer(
				() => {
					plan();
					what();
				},
				Math.max(1, 2 * every * chance()),
			);
		};
		plan();
	}

	return ({ delay = 0, dropEvery, restartEvery }) => {
		for (const stop of stops) stop();
		stops = [];
		const [least, most] = typeof delay === "number" ? [delay, delay] : delay;
		checkDuration(least);
		checkDuration(most - least);
		network.delay = [least, most];
		repeat(dropEvery, network.cutAny);
		repeat(restartEvery, () => restart({ crash: chance() < 0.5 }));
	};
}

/** @throws RangeError where it is none. */
export function checkDuration(milliseconds: number): void {
	if (!(milliseconds >= 0) || milliseconds === Number.POSITIVE_INFINITY)
		throw new RangeError(
			`a duration is a number of milliseconds, not ${milliseconds}`,
		);
}
