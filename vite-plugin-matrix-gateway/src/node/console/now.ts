/** `GET /__matrix/api/now`: who is connected to one world, and what is counted [OPS2]. */
import packageJson from "../../../package.json" with { type: "json" };
import type { InspectedConnection } from "../../core/edge/inspect.ts";
import type { Gateway } from "../../core/gateway.ts";
import { isOnList } from "../../core/protocol/names.ts";
import { DEFAULT_WORLD } from "../../core/protocol/world-name.ts";
import { countsOf } from "../connection-limits.ts";
import { refuse } from "../http/answers.ts";
import type { Asked } from "../http/endpoint.ts";
import { NO_WORLD } from "../worlds.ts";
import type { ProcessFigures } from "./process-figures.ts";

/** @param rights What the page may offer. */
export function answerNow(
	asked: Asked,
	figures: ProcessFigures,
	rights: object,
): object {
	const { event, worlds, grant } = asked;
	const found = findWorld(asked);
	if ("answer" in found) return found.answer;
	const { gateway, name } = found;
	event.res.headers.set("cache-control", "no-store");
	const names = [...worlds.gateways.keys()].filter((one) =>
		isOnList(grant.worlds, one),
	);
	const { status, uptime, totals, order, node, nodes } = gateway.status();
	const inspection = gateway.inspect();
	return {
		...{ at: Date.now(), version: packageJson.version, rights },
		...{ world: name, worlds: names.sort(), status, uptime, totals },
		...(order && { order }),
		...(node !== undefined && { node }),
		...(nodes && { nodes: nodes.map(({ id }) => id) }),
		figures: { ...figuresOf(gateway), ...figures.read() },
		refused: Object.fromEntries(countsOf(worlds).refused),
		rows: inspection.connections.map(toRow),
	};
}

/** The world that is asked for, where it is there and the grant allows it. */
export function findWorld({
	event,
	worlds,
	grant,
}: Asked): { gateway: Gateway; name: string } | { answer: object } {
	const name = event.url.searchParams.get("world") ?? DEFAULT_WORLD;
	// First, so that nobody learns which others there are.
	if (!isOnList(grant.worlds, name))
		return { answer: refuse(event, 403, "forbidden") };
	const gateway = worlds.gateways.get(name);
	return gateway ? { gateway, name } : { answer: refuse(event, 404, NO_WORLD) };
}

function figuresOf(gateway: Gateway) {
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

/** A list, not an object: of 5,000 it is a third of the bytes. The page has the names in the same order. */
function toRow(one: InspectedConnection): unknown[] {
	return [
		...[one.connectionId, one.state, one.agents.map(toPair)],
		...[one.name ?? null, one.node ?? null, Math.round(one.since)],
		...[Math.round(one.lastMessageAt), one.received, one.receivedBytes],
		...[one.sent, one.sentBytes, one.bufferedBytes],
		one.windowLeft === undefined ? null : Math.round(one.windowLeft),
	];
}

function toPair({ agentId, role }: { agentId: string; role: string }) {
	return [agentId, role];
}
