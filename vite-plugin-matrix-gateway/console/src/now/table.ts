/** Which connections are shown, in which order. */
import type { Row } from "./report.ts";

export interface Column {
	readonly key: keyof Row;
	readonly label: string;
	/** Of figures the largest comes first. */
	readonly isFigure?: true;
	readonly title?: string;
}

export const COLUMNS: readonly Column[] = [
	{ key: "who", label: "Who" },
	{ key: "role", label: "Role" },
	{ key: "state", label: "State" },
	{ key: "node", label: "Node" },
	{ key: "since", label: "Since", isFigure: true },
	{ key: "last", label: "Last", isFigure: true, title: "Last message" },
	{ key: "rateIn", label: "In", isFigure: true, title: "Messages in a second" },
	{
		key: "rateOut",
		label: "Out",
		isFigure: true,
		title: "Messages out a second",
	},
	{
		key: "buffered",
		label: "Waiting",
		isFigure: true,
		title: "Bytes that wait on its socket",
	},
];

export interface Order {
	readonly key: keyof Row;
	readonly isDown: boolean;
}

export interface Shown extends Order {
	readonly text: string;
	/** A state, or all of them. */
	readonly state: string;
}

export function rowsOf(rows: readonly Row[], shown: Shown): Row[] {
	const words = shown.text.toLowerCase().split(/\s+/).filter(Boolean);
	const found = rows.filter((row) => {
		if (shown.state !== "all" && row.state !== shown.state) return false;
		if (words.length === 0) return true;
		const text =
			`${row.who} ${row.role} ${row.name} ${row.id} ${row.node} ${row.state}`.toLowerCase();
		return words.every((word) => text.includes(word));
	});
	const sign = shown.isDown ? -1 : 1;
	return found.sort(
		(one, other) =>
			sign * compare(one[shown.key], other[shown.key]) ||
			compare(one.id, other.id),
	);
}

/** Who has none comes last of those that go up. */
function compare(one: Row[keyof Row], other: Row[keyof Row]): number {
	if (typeof one === "number" && typeof other === "number") return one - other;
	const [first, second] = [String(one ?? ""), String(other ?? "")];
	if (first === second) return 0;
	if (first === "") return 1;
	if (second === "") return -1;
	return first < second ? -1 : 1;
}
