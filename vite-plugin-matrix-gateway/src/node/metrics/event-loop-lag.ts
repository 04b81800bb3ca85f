/** How late the process is for what is to be done. */
import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import { Gauge, type Registry } from "prom-client";

/** Milliseconds between two looks, which no more than wakes the process up. */
const RESOLUTION = 20;

/** From the first scrape on; each tells of the time since the one before. */
export function addEventLoopLag(registers: Registry[]): void {
	let delays: IntervalHistogram | undefined;
	new Gauge({
		name: "matrix_gateway_event_loop_lag_seconds",
		help: "How late the event loop was since the last scrape: at half of the looks, at 1 % of them, and at most.",
		labelNames: ["stat"],
		registers,
		collect() {
			for (const [stat, percentile] of STATS)
				this.set({ stat }, lagAt(delays, percentile));
			if (delays) delays.reset();
			else {
				delays = monitorEventLoopDelay({ resolution: RESOLUTION });
				delays.enable();
			}
		},
	});
}

const STATS = [
	["p50", 50],
	["p99", 99],
	["max", 100],
] as const;

/** In seconds. Node tells from one look to the next, in nanoseconds. */
function lagAt(
	delays: IntervalHistogram | undefined,
	percentile: number,
): number {
	// The percentiles of none are no numbers.
	if (!delays || delays.max === 0) return 0;
	const lag = delays.percentile(percentile) / 1e9 - RESOLUTION / 1e3;
	return Math.max(0, lag);
}
