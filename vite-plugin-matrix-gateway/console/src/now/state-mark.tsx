/** What a connection is, in a colour and in a word. */
import { useEffect, useState } from "preact/hooks";
import { toDuration } from "../ui/format.ts";
import type { Row } from "./report.ts";

export function StateMark({ row }: { readonly row: Row }) {
	const { state, windowLeft } = row;
	return (
		<span class={`mark mark-${state}`}>
			{state === "agent" ? "online" : state}
			{windowLeft !== undefined && <Window left={windowLeft} />}
		</span>
	);
}

/** How long its session waits yet, running down between two looks. */
function Window({ left }: { readonly left: number }) {
	const [at] = useState(() => new Map<number, number>());
	const [now, setNow] = useState(() => performance.now());
	useEffect(() => {
		const timer = setInterval(() => setNow(performance.now()), 250);
		return () => clearInterval(timer);
	}, []);
	if (!at.has(left)) {
		at.clear();
		at.set(left, performance.now());
	}
	const passed = Math.max(0, now - (at.get(left) ?? now));
	return <span class="window"> {toDuration(left - passed)} left</span>;
}
