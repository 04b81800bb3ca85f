/** What `now` answers, in the page's words. */

/** One connection, with what it does a second. */
export interface Row {
	readonly id: string;
	readonly state: string;
	/** Its agents' names, or what it is where it has none. */
	readonly who: string;
	readonly role: string;
	readonly agents: readonly (readonly [string, string])[];
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

export interface Report {
	readonly at: number;
	readonly version: string;
	readonly world: string;
	readonly worlds: readonly string[];
	readonly status: "ok" | "degraded" | "behind" | "draining";
	readonly order?: { readonly state: string; readonly reason?: string };
	readonly node?: string;
	readonly nodes?: readonly string[];
	/** Seconds. */
	readonly uptime: number;
	readonly rights: Rights;
	readonly figures: Figures;
	readonly totals: Readonly<Record<string, number>>;
	/** Upgrades and streams that were refused, by their status. */
	readonly refused: Readonly<Record<string, number>>;
	readonly rows: readonly RawRow[];
}

/** What whoever looks may do. */
export interface Rights {
	readonly name?: string;
	readonly overhear: boolean;
	readonly revoke: boolean;
	readonly drain: boolean;
	/** Whether the world is kept in a folder. */
	readonly isKept: boolean;
}

export interface Figures {
	readonly received: number;
	readonly deliveries: number;
	readonly routed: { readonly broadcast: number; readonly directed: number };
	readonly connections: Readonly<Record<string, number>>;
	readonly agents: { readonly online: number; readonly detached: number };
	readonly bufferedBytes: number;
	readonly retainedBytes: number;
	readonly logBytes: number;
	readonly sessionBytes: number;
	readonly flushes: { readonly count: number; readonly milliseconds: number };
	readonly errors: Readonly<Record<string, number>>;
	readonly closes: Readonly<Record<string, number>>;
	readonly resumes: Readonly<Record<string, number>>;
	readonly lag: {
		readonly p50: number;
		readonly p99: number;
		readonly max: number;
	};
	readonly cpu: number;
	readonly memory: { readonly resident: number; readonly heap: number };
}

/** In the order in which the gateway has them. */
export type RawRow = readonly [
	id: string,
	state: string,
	agents: readonly (readonly [string, string])[],
	name: string | null,
	node: string | null,
	since: number,
	last: number,
	received: number,
	receivedBytes: number,
	sent: number,
	sentBytes: number,
	buffered: number,
	windowLeft: number | null,
];

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
