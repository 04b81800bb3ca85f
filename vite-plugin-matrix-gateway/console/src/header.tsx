import type { ComponentChildren } from "preact";
import { chooseWorld, type Session, world } from "./session.ts";
import { toCount, toDuration } from "./ui/format.ts";
import { useStore } from "./ui/store.ts";

export interface HeaderProps {
	readonly session: Session;
	readonly children: ComponentChildren;
}

export function Header({ session, children }: HeaderProps) {
	return (
		<header class="top">
			<h1>
				<svg viewBox="0 0 32 32" aria-hidden="true">
					<path d="M3 17h6l3.5-10 5.5 19 4.5-14 2.5 5h4" />
				</svg>
				<span>Matrix</span>
			</h1>
			{children}
			<div class="top-rest">
				<Health session={session} />
				<Worlds session={session} />
			</div>
		</header>
	);
}

/** In a word and a colour, and what is behind it. */
function Health({ session }: { readonly session: Session }) {
	if (session.state !== "open") return null;
	const { report, rows, stale } = session;
	if (stale !== undefined)
		return (
			<p class="health health-lost" role="status">
				<b>lost</b> <span>{stale}; trying again</span>
			</p>
		);
	const { status, order, uptime } = report;
	return (
		<p class={`health health-${status}`} role="status">
			<b>{status}</b>{" "}
			<span>
				{order && "reason" in order
					? order.reason
					: `${toCount(rows.length)} connected, up ${toDuration(uptime * 1_000)}`}
			</span>
		</p>
	);
}

function Worlds({ session }: { readonly session: Session }) {
	const name = useStore(world);
	const known = session.state === "open" ? session.report.worlds : [];
	const names = known.includes(name) ? known : [name, ...known];
	return (
		<label class="worlds">
			<span>World</span>
			<select
				value={name}
				onChange={({ currentTarget: { value } }) => chooseWorld(value)}
			>
				{names.map((one) => (
					<option key={one} value={one}>
						{one}
					</option>
				))}
			</select>
		</label>
	);
}
