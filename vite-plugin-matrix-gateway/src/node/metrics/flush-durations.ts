/** A histogram that is read where it was counted: prom-client's own is fed one value at a time. */
import { Histogram, type Registry } from "prom-client";
import type { GatewayMeters } from "../../core/edge/meters.ts";

const NAME = "matrix_gateway_flush_duration_seconds";
const HELP =
	"How long one way round took: to write broadcasts that had gathered to all they are for.";

export class FlushDurations extends Histogram<"world"> {
	readonly #meters: () => ReadonlyMap<string, GatewayMeters>;

	constructor(
		meters: () => ReadonlyMap<string, GatewayMeters>,
		registers: Registry[],
	) {
		super({
			name: NAME,
			help: HELP,
			labelNames: ["world"],
			registers,
		});
		this.#meters = meters;
	}

	/** What a registry asks for where it makes text; what it is asked for else, it makes of that. */
	async getForPromString() {
		const values = [...this.#meters()].flatMap(valuesOf);
		return { name: NAME, help: HELP, type: "histogram", values };
	}
}

function valuesOf([world, { flushes }]: readonly [string, GatewayMeters]) {
	const { bounds, counts, count, sum } = flushes;
	let below = 0;
	const bucket = (le: number | string, value: number) => ({
		metricName: `${NAME}_bucket`,
		labels: { le, world },
		value,
	});
	return [
		...bounds.map((bound, place) => {
			below += counts[place] ?? 0;
			return bucket(bound / 1000, below);
		}),
		bucket("+Inf", count),
		{ metricName: `${NAME}_sum`, labels: { world }, value: sum / 1000 },
		{ metricName: `${NAME}_count`, labels: { world }, value: count },
	];
}
