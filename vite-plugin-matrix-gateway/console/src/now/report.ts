/** What `now` answers, in the page's words. */
import type { RawRow, Report } from "../../../src/node/console/wire.ts";

/** One connection, with what it does a second. */
export interface Row {
	readonly id: string;
	readonly state: RawRow[1];
	/** Its agents' names, or what it is where it has none. */
	readonly who: string;
	readonly role: string;
	readonly agents: RawRow[2];
	readonly name: string;
	readonly node: string;
	readonly since: number;
	readonly last: number;
	readonly received: number;
	readonly receivedBytes: number;
	readonly sent: number;
	readonly sentBytes: number;
	readonly buffered: number;
	/** Milliseconds that its session waits yet; undefined where it does not wait. */
	readonly windowLeft: number | undefined;
	/** Messages a second. */
	readonly rateIn: number;
	readonly rateOut: number;
}

/** @param before The report before it, of the same world. */
export function toRows(report: Report, before: Report | undefined): Row[] {
	const earlier = new Map(before?.rows.map((row) => [row[0], row]));
	const seconds = before ? (report.at - before.at) / 1_000 : 0;
	return report.rows.map((raw) => {
		const old = earlier.get(raw[0]);
		const rate = (now: number, then: number | undefined) =>
			then === undefined || seconds <= 0
				? 0
				: Math.max(0, (now - then) / seconds);
		return {
			...plainRow(raw),
			rateIn: rate(raw[7], old?.[7]),
			rateOut: rate(raw[9], old?.[9]),
		};
	});
}

function plainRow(raw: RawRow): Omit<Row, "rateIn" | "rateOut"> {
	const [id, state, agents, name, node, since, last] = raw;
	const [, , , , , , , received, receivedBytes, sent, sentBytes] = raw;
	return {
		...{ id, state, agents, since, last },
		...{ received, receivedBytes, sent, sentBytes },
		who: agents.map(([agentId]) => agentId).join(", "),
		role: [...new Set(agents.map(([, role]) => role))].join(", "),
		name: name ?? "",
		node: node ?? "",
		buffered: raw[11],
		windowLeft: raw[12] ?? undefined,
	};
}
