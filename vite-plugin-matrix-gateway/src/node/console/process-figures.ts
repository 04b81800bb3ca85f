/** How the process fares, measured only while somebody looks. */
import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import type { ProcessReading } from "./wire.ts";

export interface ProcessFigures {
	/** Since the look before. */
	read(): ProcessReading;
}

/** Milliseconds between two looks at the event loop. */
const RESOLUTION = 20;
/** Milliseconds after which nobody looks any more. */
const IDLE = 10_000;
/** Milliseconds for which what was read is told again: two who look would each see half. */
const FRESH = 900;

export function createProcessFigures(): ProcessFigures {
	let delays: IntervalHistogram | undefined;
	let stop: NodeJS.Timeout | undefined;
	let last:
		| { readonly at: number; readonly figures: ProcessReading }
		| undefined;

	function watch(): void {
		if (!delays) {
			delays = monitorEventLoopDelay({ resolution: RESOLUTION });
			delays.enable();
		}
		clearTimeout(stop);
		stop = setTimeout(() => {
			delays?.disable();
			delays = last = undefined;
		}, IDLE).unref();
	}

	function lagAt(percentile: number): number {
		if (!delays || delays.count === 0) return 0;
		return Math.max(0, delays.percentile(percentile) / 1e6 - RESOLUTION);
	}

	return {
		read() {
			watch();
			const at = performance.now();
			if (last && at - last.at < FRESH) return last.figures;
			const { user, system } = process.cpuUsage();
			const { rss: resident, heapUsed: heap } = process.memoryUsage();
			const lag = { p50: lagAt(50), p99: lagAt(99), max: lagAt(100) };
			delays?.reset();
			const figures = {
				lag,
				cpu: (user + system) / 1_000,
				memory: { resident, heap },
			};
			last = { at, figures };
			return figures;
		},
	};
}
