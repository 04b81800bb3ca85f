/** `GET /__matrix/api/now`: who is connected to one world, and what is counted [OPS2]. */
import packageJson from "../../../package.json" with { type: "json" };
import type { InspectedConnection } from "../../core/edge/inspect.ts";
import type { Gateway } from "../../core/gateway.ts";
import { countsOf } from "../connection-limits.ts";
import type { Asked } from "../http/endpoint.ts";
import { allowedWorlds, findWorld } from "../http/world.ts";
import type { ProcessFigures } from "./process-figures.ts";
import type {
	Figures,
	ProcessReading,
	RawRow,
	Report,
	Rights,
} from "./wire.ts";

/** @param rights What the page may offer. */
export function answerNow(
	asked: Asked,
	figures: ProcessFigures,
	rights: Rights,
): object {
	const { event, worlds } = asked;
	const found = findWorld(asked);
	if ("answer" in found) return found.answer;
	const { gateway, name } = found;
	event.res.headers.set("cache-control", "no-store");
	const { status, uptime, totals, order, node, nodes } = gateway.status();
	const inspection = gateway.inspect();
	const report: Report = {
		...{ at: Date.now(), version: packageJson.version, rights },
		...{ world: name, worlds: allowedWorlds(asked), status, uptime, totals },
		...(order && { order }),
		...(node !== undefined && { node }),
		...(nodes && { nodes: nodes.map(({ id }) => id) }),
		figures: { ...figuresOf(gateway), ...figures.read() },
		refused: Object.fromEntries(countsOf(worlds).refused),
		rows: inspection.connections.map(toRow),
	};
	return report;
}

function figuresOf(gateway: Gateway): Omit<Figures, keyof ProcessReading> {
	const { errors, closes, resumes, flushes, routed, ...meters } =
		gateway.meters();
	const { received, deliveries, connections, agents } = meters;
	const { bufferedBytes, retainedBytes, logBytes, sessionBytes } = meters;
	return {
		...{ received, deliveries, connections, agents, routed },
		...{ bufferedBytes, retainedBytes, logBytes, sessionBytes },
		flushes: { count: flushes.count, milliseconds: flushes.sum },
		errors: Object.fromEntries(errors),
		closes: Object.fromEntries(closes),
		resumes: Object.fromEntries(resumes),
	};
}

function toRow(one: InspectedConnection): RawRow {
	return [
		one.connectionId,
		one.state,
		one.agents.map(({ agentId, role }) => [agentId, role]),
		one.name ?? null,
		one.node ?? null,
		Math.round(one.since),
		Math.round(one.lastMessageAt),
		one.received,
		one.receivedBytes,
		one.sent,
		one.sentBytes,
		one.bufferedBytes,
		one.windowLeft === undefined ? null : Math.round(one.windowLeft),
	];
}
