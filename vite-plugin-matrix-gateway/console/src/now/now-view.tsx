/** Who is connected now, how the gateway fares, and what it refused. */
import { useMemo, useState } from "preact/hooks";
import type { Report } from "../../../src/node/console/wire.ts";
import { toBytes, toCount, toDuration, toRate } from "../ui/format.ts";
import { VirtualRows } from "../ui/virtual-rows.tsx";
import type { History } from "./history.ts";
import { Person } from "./person.tsx";
import { Refused } from "./refused.tsx";
import type { Row } from "./report.ts";
import { StateMark } from "./state-mark.tsx";
import { Strip } from "./strip.tsx";
import { COLUMNS, type Column, rowsOf, type Shown } from "./table.ts";

export interface NowProps {
	readonly report: Report;
	readonly rows: readonly Row[];
	readonly history: History;
}

const STATES = [
	"all",
	"agent",
	"detached",
	"viewer",
	"new",
	"closing",
] as const;

export function Now({ report, rows, history }: NowProps) {
	const [shown, setShown] = useState<Shown>({
		...{ text: "", state: "all" },
		...{ key: "since", isDown: false },
	});
	const [chosen, setChosen] = useState<string>();
	const [isOpen, setOpen] = useState(false);
	const list = useMemo(() => rowsOf(rows, shown), [rows, shown]);
	const place = list.findIndex(({ id }) => id === chosen);
	const row = list[place];
	const hasNodes = (report.nodes?.length ?? 0) > 0;
	const columns = COLUMNS.filter(({ key }) => key !== "node" || hasNodes);

	function sortBy({ key, isFigure }: Column): void {
		const isSame = shown.key === key;
		setShown({
			...shown,
			key,
			isDown: isSame ? !shown.isDown : isFigure === true,
		});
	}

	return (
		<div class="now">
			<Strip history={history} />
			<div class="now-body">
				<section class="people" aria-label="Connections">
					<div class="bar">
						<input
							type="search"
							class="filter"
							aria-label="Filter connections"
							placeholder="Filter by name, role, id"
							value={shown.text}
							onInput={({ currentTarget: { value } }) =>
								setShown({ ...shown, text: value })
							}
						/>
						<div class="chips" role="group" aria-label="State">
							{STATES.map((state) => (
								<button
									type="button"
									key={state}
									class="chip"
									aria-pressed={shown.state === state}
									onClick={() => setShown({ ...shown, state })}
								>
									{state} <b>{countOf(rows, state)}</b>
								</button>
							))}
						</div>
					</div>
					<VirtualRows
						className={hasNodes ? "people-rows with-nodes" : "people-rows"}
						label="Connections"
						count={list.length}
						chosen={place < 0 ? undefined : place}
						choose={(index) => setChosen(list[index]?.id)}
						open={() => setOpen(true)}
						head={<Head columns={columns} shown={shown} sortBy={sortBy} />}
						row={(index) => {
							const one = list[index];
							return (
								one && <Cells row={one} columns={columns} now={report.at} />
							);
						}}
						empty={
							rows.length === 0
								? "Nobody is connected. Agents and pages show up here as they come."
								: "No connection passes the filter."
						}
					/>
				</section>
				{row && isOpen ? (
					<Person
						row={row}
						now={report.at}
						world={report.world}
						close={() => setOpen(false)}
					/>
				) : (
					<Refused report={report} />
				)}
			</div>
		</div>
	);
}

function countOf(rows: readonly Row[], state: string): string {
	if (state === "all") return toCount(rows.length);
	let count = 0;
	for (const row of rows) if (row.state === state) count++;
	return toCount(count);
}

interface HeadProps {
	readonly columns: readonly Column[];
	readonly shown: Shown;
	sortBy(column: Column): void;
}

function Head({ columns, shown, sortBy }: HeadProps) {
	return (
		<div class="rows-head" role="rowgroup">
			<div class="row" role="row" aria-rowindex={1}>
				{columns.map((column) => {
					const isSorted = shown.key === column.key;
					const sort = shown.isDown ? "descending" : "ascending";
					return (
						<div
							key={column.key}
							class={`cell cell-${column.key}`}
							role="columnheader"
							aria-sort={isSorted ? sort : "none"}
						>
							<button
								type="button"
								title={column.title ?? `Sort by ${column.label}`}
								onClick={() => sortBy(column)}
							>
								{column.label}
								<span aria-hidden="true">
									{isSorted ? (shown.isDown ? " ↓" : " ↑") : ""}
								</span>
							</button>
						</div>
					);
				})}
			</div>
		</div>
	);
}

interface CellsProps {
	readonly row: Row;
	readonly columns: readonly Column[];
	readonly now: number;
}

function Cells({ row, columns, now }: CellsProps) {
	return (
		<>
			{columns.map(({ key }) => (
				<div key={key} class={`cell cell-${key}`} role="gridcell">
					{contentOf(row, key, now)}
				</div>
			))}
		</>
	);
}

function contentOf(row: Row, key: keyof Row, now: number) {
	switch (key) {
		case "who":
			return row.who || <span class="quiet">{row.name || row.id}</span>;
		case "state":
			return <StateMark row={row} />;
		case "since":
			return toDuration(now - row.since);
		case "last":
			return row.received > 0 ? toDuration(now - row.last) : "–";
		case "rateIn":
			return quietZero(row.rateIn, toRate);
		case "rateOut":
			return quietZero(row.rateOut, toRate);
		case "buffered":
			return quietZero(row.buffered, toBytes);
		default:
			return String(row[key] ?? "");
	}
}

function quietZero(value: number, toText: (value: number) => string) {
	return value > 0 ? toText(value) : <span class="quiet">0</span>;
}
