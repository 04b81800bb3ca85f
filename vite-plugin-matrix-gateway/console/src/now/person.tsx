/** One connection, with what may be done about it. */
import { useState } from "preact/hooks";
import { ask, toReason } from "../api.ts";
import { Dialog } from "../ui/dialog.tsx";
import { toBytes, toCount, toDuration, toRate } from "../ui/format.ts";
import type { Row } from "./report.ts";
import { StateMark } from "./state-mark.tsx";

export interface PersonProps {
	readonly row: Row;
	readonly now: number;
	readonly world: string;
	close(): void;
}

export function Person({ row, now, world, close }: PersonProps) {
	const [isAsking, setAsking] = useState(false);
	const title = row.who || row.name || row.id;
	return (
		<aside class="side side-over" aria-label={`Connection of ${title}`}>
			<div class="side-head">
				<h2>{title}</h2>
				<button type="button" class="quiet-button" onClick={close}>
					Close
				</button>
			</div>
			<p>
				<StateMark row={row} />
			</p>
			<dl>
				{factsOf(row, now).map(([name, value]) => (
					<div class="pair" key={name}>
						<dt>{name}</dt>
						<dd>{value}</dd>
					</div>
				))}
			</dl>
			{row.state !== "closing" && (
				<button type="button" class="danger" onClick={() => setAsking(true)}>
					Disconnect…
				</button>
			)}
			{isAsking && (
				<Disconnect row={row} world={world} close={() => setAsking(false)} />
			)}
		</aside>
	);
}

function factsOf(row: Row, now: number): [string, string][] {
	const facts: [string, string | undefined][] = [
		["Agents", row.agents.map(([id, role]) => `${id} (${role})`).join(", ")],
		["Token of", row.name],
		["Connection", row.id],
		["Node", row.node],
		["Since", `${toDuration(now - row.since)} (${timeOf(row.since)})`],
		[
			"Last message",
			row.received > 0 ? `${toDuration(now - row.last)} ago` : "",
		],
		["Came from it", `${toCount(row.received)}, ${toBytes(row.receivedBytes)}`],
		["Went to it", `${toCount(row.sent)}, ${toBytes(row.sentBytes)}`],
		["A second", `${toRate(row.rateIn)} in, ${toRate(row.rateOut)} out`],
		["Waiting", toBytes(row.buffered)],
	];
	return facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
}

function timeOf(at: number): string {
	return new Date(at).toLocaleTimeString();
}

interface DisconnectProps {
	readonly row: Row;
	readonly world: string;
	close(): void;
}

function Disconnect({ row, world, close }: DisconnectProps) {
	const [problem, setProblem] = useState<string>();

	async function disconnect(): Promise<void> {
		try {
			await ask("disconnect", { world, body: { connectionId: row.id } });
			close();
		} catch (error) {
			setProblem(toReason(error));
		}
	}

	return (
		<Dialog title={`Disconnect ${row.who || row.id}?`} close={close}>
			<p>
				Its connection is closed with 4003 and its session ends; its agents
				leave. Its token stays as good as it is.
			</p>
			{problem && <p class="problem">{problem}</p>}
			<div class="buttons">
				<button type="button" onClick={close}>
					Keep it
				</button>
				<button type="button" class="danger" onClick={disconnect}>
					Disconnect
				</button>
			</div>
		</Dialog>
	);
}
