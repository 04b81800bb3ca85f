/** A gateway's figures in a registry of prom-client, read when they are asked for. */
import { Counter, Gauge, Registry } from "prom-client";
import packageJson from "../../../package.json" with { type: "json" };
import type { GatewayMeters } from "../../core/edge/meters.ts";
import type { Gateway } from "../../core/gateway.ts";
import { countsOf } from "../connection-limits.ts";
import type { Hub } from "../hub.ts";
import { turnedAwayOf } from "../turned-away.ts";
import { type Worlds, worldsOf } from "../worlds.ts";
import { addEventLoopLag } from "./event-loop-lag.ts";
import { FlushDurations } from "./flush-durations.ts";
import { addProcessMetrics } from "./process-metrics.ts";
import { FIGURES, type Figure } from "./world-figures.ts";

/** Options of `createMetrics`. */
export interface MetricsOptions {
	/**
	 * Where the metrics are put, beside the host's own.
	 * @default a registry of their own
	 */
	readonly registry?: Registry;
}

/** What Prometheus reads of a gateway, or of a hub with its worlds. */
export interface Metrics {
	/** For `createHttpApp` or any other server: `contentType`, and `metrics()` for the text. */
	readonly registry: Registry;
}

/**
 * Puts the metrics `matrix_gateway_…` into a registry of prom-client. Nothing is measured for them
 * on the way of a message: all are looked up when they are read. No label is an agent's name or
 * anything else that clients choose, but for the names of worlds.
 *
 * @example
 * import { createHttpApp, createHub } from "vite-plugin-matrix-gateway/server";
 * import { createMetrics } from "vite-plugin-matrix-gateway/metrics";
 *
 * const hub = createHub();
 * const { registry } = createMetrics(hub);
 * const app = createHttpApp(hub, { metrics: registry }); // at /metrics
 */
export function createMetrics(
	target: Gateway | Hub,
	{ registry = new Registry() }: MetricsOptions = {},
): Metrics {
	const worlds = worldsOf(target);
	const registers = [registry];
	let read: ReadonlyMap<string, GatewayMeters> | undefined;

	/** One look at all worlds for all metrics of a scrape, which asks for them one after the other. */
	function meters(): ReadonlyMap<string, GatewayMeters> {
		if (read) return read;
		const all = [...worlds.gateways].map(
			([name, gateway]) => [name, metersOf(gateway)] as const,
		);
		read = new Map(all);
		queueMicrotask(() => {
			read = undefined;
		});
		return read;
	}

	new Gauge({
		...{ name: `${PREFIX}build_info`, registers, labelNames: ["version"] },
		help: "1; its label tells the version of the gateway.",
	}).set({ version: packageJson.version }, 1);
	for (const figure of FIGURES) addFigure(figure, { registers, meters });
	new FlushDurations(meters, registers);
	addEventLoopLag(registers);
	addProcessMetrics(registers);
	addRefused(registers, worlds);
	return { registry };
}

const PREFIX = "matrix_gateway_";

interface FigureParts {
	readonly registers: Registry[];
	meters(): ReadonlyMap<string, GatewayMeters>;
}

function addFigure(figure: Figure, { registers, meters }: FigureParts): void {
	const { name, help, label, isCounter, read } = figure;
	const labelNames = ["world", ...(label === undefined ? [] : [label])];
	const configuration = { name: PREFIX + name, help, registers, labelNames };

	/** A counter cannot be set, so both begin anew: worlds and codes come and go. */
	function collect(this: Counter | Gauge): void {
		this.reset();
		for (const [world, now] of meters()) {
			const values = read(now);
			if (typeof values === "number") this.inc({ world }, values);
			else if (label !== undefined)
				for (const [value, amount] of values)
					this.inc({ world, [label]: value }, amount);
		}
	}

	if (isCounter) new Counter({ ...configuration, collect });
	else new Gauge({ ...configuration, collect });
}

/** With the ends of those that it was never told of. */
function metersOf(gateway: Gateway): GatewayMeters {
	const meters = gateway.meters();
	const closes = new Map(meters.closes);
	for (const [code, amount] of turnedAwayOf(gateway))
		closes.set(code, (closes.get(code) ?? 0) + amount);
	return { ...meters, closes };
}

function addRefused(registers: Registry[], worlds: Worlds): void {
	new Counter({
		...{ name: `${PREFIX}refused_total`, registers, labelNames: ["status"] },
		help: "Upgrades and streams of events that were refused, by the HTTP status or the close code.",
		collect() {
			this.reset();
			for (const [status, amount] of countsOf(worlds).refused)
				this.inc({ status }, amount);
		},
	});
}
