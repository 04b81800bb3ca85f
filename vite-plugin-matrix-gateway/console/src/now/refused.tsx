/** What was not done as asked, and why; and what else there is to know of the gateway. */
import type { Report } from "../../../src/node/console/wire.ts";
import { toBytes, toCount, toDuration } from "../ui/format.ts";

export function Refused({ report }: { readonly report: Report }) {
	const { figures, refused, totals } = report;
	return (
		<aside class="side" aria-label="What was refused, and what is kept">
			<Counts
				title="Messages refused"
				counts={figures.errors}
				nothing="None so far."
			/>
			<Counts
				title="Connections refused"
				counts={refused}
				names={STATUSES}
				nothing="None so far."
			/>
			<Counts
				title="Connections closed"
				counts={figures.closes}
				names={CLOSES}
				nothing="None so far."
			/>
			<Counts
				title="Came back"
				counts={figures.resumes}
				names={RESUMES}
				nothing="Nobody yet."
			/>
			<section>
				<h2>Held in memory</h2>
				<dl>
					<Pair
						name="Waiting on sockets"
						value={toBytes(figures.bufferedBytes)}
					/>
					<Pair
						name="Retained messages"
						value={toBytes(figures.retainedBytes)}
					/>
					<Pair
						name="Broadcasts for sessions"
						value={toBytes(figures.logBytes)}
					/>
					<Pair
						name="Messages for sessions"
						value={toBytes(figures.sessionBytes)}
					/>
					<Pair name="Heap" value={toBytes(figures.memory.heap)} />
				</dl>
			</section>
			<section>
				<h2>Since it began</h2>
				<dl>
					<Pair name="Up for" value={toDuration(report.uptime * 1_000)} />
					<Pair name="Messages in" value={toCount(figures.received)} />
					<Pair name="Broadcast" value={toCount(totals.broadcast)} />
					<Pair name="Directed" value={toCount(totals.directed)} />
					<Pair name="To nobody" value={toCount(totals.undeliverable)} />
					<Pair name="Deliveries" value={toCount(figures.deliveries)} />
					<Pair name="Too slow" value={toCount(totals.tooSlow)} />
				</dl>
			</section>
		</aside>
	);
}

interface CountsProps {
	readonly title: string;
	readonly counts: Readonly<Record<string, number>>;
	readonly names?: Readonly<Record<string, string>>;
	readonly nothing: string;
}

function Counts({ title, counts, names = {}, nothing }: CountsProps) {
	const all = Object.entries(counts).sort(([, one], [, other]) => other - one);
	return (
		<section>
			<h2>{title}</h2>
			{all.length === 0 ? (
				<p class="quiet">{nothing}</p>
			) : (
				<dl>
					{all.map(([code, count]) => (
						<Pair
							key={code}
							name={names[code] ? `${code} ${names[code]}` : code}
							value={toCount(count)}
						/>
					))}
				</dl>
			)}
		</section>
	);
}

function Pair({
	name,
	value,
}: {
	readonly name: string;
	readonly value: string;
}) {
	return (
		<div class="pair">
			<dt>{name}</dt>
			<dd>{value}</dd>
		</div>
	);
}

const STATUSES: Readonly<Record<string, string>> = {
	401: "wrong token",
	403: "origin not allowed",
	404: "no such path",
	429: "too many of one",
	503: "no room, or not ready",
	4001: "wrong token",
	4003: "not allowed",
	4101: "token ended",
};

const CLOSES: Readonly<Record<string, string>> = {
	1000: "done",
	1001: "went away",
	1005: "no code",
	1006: "cut off",
	1008: "against the rules",
	1009: "too large",
	1011: "gateway's error",
	1012: "restart",
	1013: "try again",
	4001: "wrong token",
	4002: "broke the protocol",
	4003: "not allowed",
	4008: "did not register",
	4009: "replaced",
	4101: "token ended",
	4201: "too slow",
	4202: "too much",
	4203: "heartbeat lost",
	4204: "busy",
};

const RESUMES: Readonly<Record<string, string>> = {
	resumed: "with all that was missed",
	unknown: "session not known",
	gone: "too late for some of it",
	beyond: "ahead of what is kept",
};
