/** What is told of each world: a row a metric. */

import type { GatewayMeters, ResumeOutcome } from "../../core/edge/meters.ts";
import { CLOSE } from "../../core/protocol/protocol.ts";

/** A metric that has a value for each world, or several that one more label tells apart. */
export interface Figure {
	readonly name: string;
	readonly help: string;
	readonly isCounter?: true;
	/** The label besides `world`, where there is one. */
	readonly label?: string;
	/** The value, or those by the values of the label. */
	read(meters: GatewayMeters): number | Iterable<readonly [string, number]>;
}

export const FIGURES: readonly Figure[] = [
	{
		name: "connections",
		help: "Connections to this process: new (has neither registered nor spoken yet), viewer, agent (has registered names), closing.",
		label: "state",
		read: ({ connections }) => Object.entries(connections),
	},
	{
		name: "agents",
		help: "Agents whose connection is on this process (online), or was last and may come back (detached).",
		label: "state",
		read: ({ agents }) => Object.entries(agents),
	},
	{
		name: "messages_received_total",
		help: "Messages that came in, whatever became of them.",
		isCounter: true,
		read: ({ received }) => received,
	},
	{
		name: "messages_routed_total",
		help: "Messages that the world has routed: broadcast, directed (to an agent), undeliverable (to none). Processes that share a world all tell the same number: use max, not sum.",
		isCounter: true,
		label: "kind",
		read: ({ routed }) => Object.entries(routed),
	},
	{
		name: "deliveries_total",
		help: "Messages that were written to connections.",
		isCounter: true,
		read: ({ deliveries }) => deliveries,
	},
	{
		name: "errors_total",
		help: "Messages that were not done as asked, by the code of the answer.",
		isCounter: true,
		label: "code",
		read: ({ errors }) => errors,
	},
	{
		name: "closes_total",
		help: "Ends of connections, by the close code: the gateway's where it closed them, else the client's, or 1006. Those are among them that were let in only to be closed, such as with 4001.",
		isCounter: true,
		label: "code",
		read: ({ closes }) =>
			[...new Set([...CODES, ...closes.keys()])].map((code) => [
				`${code}`,
				closes.get(code) ?? 0,
			]),
	},
	{
		name: "resumes_total",
		help: "Clients that came back: resumed, or why not (unknown: no such session; gone: not all that it missed is kept; beyond: it has more than is known of).",
		isCounter: true,
		label: "outcome",
		read: ({ resumes }) =>
			OUTCOMES.map((outcome) => [outcome, resumes.get(outcome) ?? 0]),
	},
	{
		name: "buffered_bytes",
		help: "Bytes that wait on sockets for their clients to read them.",
		read: ({ bufferedBytes }) => bufferedBytes,
	},
	{
		name: "retained_bytes",
		help: "What is kept for those who come late.",
		read: ({ retainedBytes }) => retainedBytes,
	},
	{
		name: "log_bytes",
		help: "What is kept of the broadcasts for dropped clients and new connections.",
		read: ({ logBytes }) => logBytes,
	},
	{
		name: "session_bytes",
		help: "What is kept for single sessions.",
		read: ({ sessionBytes }) => sessionBytes,
	},
	{
		name: "ready",
		help: "1 while clients may connect.",
		read: ({ isReady }) => Number(isReady),
	},
	{
		name: "order_state",
		help: "1 for how what keeps the world fares: ok, degraded (what happens now may not outlive the process), behind (what is sent waits).",
		label: "state",
		read: ({ order }) =>
			STATES.map((state) => [state, Number(state === order)]),
	},
];

/** Those that mean something; each is there from the start, so that the first one is an increase. */
const CODES = [
	...[1000, 1001, 1006],
	...Object.values(CLOSE).map(({ code }) => code),
];

const OUTCOMES: readonly ResumeOutcome[] = [
	"resumed",
	"unknown",
	"gone",
	"beyond",
];

const STATES: readonly GatewayMeters["order"][] = ["ok", "degraded", "behind"];
