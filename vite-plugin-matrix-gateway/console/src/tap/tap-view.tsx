/** What is said, as it is said. */
import { useState } from "preact/hooks";
import { KINDS } from "../../../src/node/console/wire.ts";
import { toBytes, toClock, toCount } from "../ui/format.ts";
import { useStore } from "../ui/store.ts";
import { VirtualRows } from "../ui/virtual-rows.tsx";
import type { Heard } from "./batch.ts";
import { Detail } from "./detail.tsx";
import type { Filter } from "./filter.ts";
import { previewOf } from "./preview.ts";
import { clear, pause, setFilter, type TapView, tap } from "./tap.ts";

export function Tap({ overhear }: { readonly overhear: boolean }) {
	const view = useStore(tap);
	const [chosen, setChosen] = useState<Heard>();
	const [isDetailed, setDetailed] = useState(false);
	const { shown, isPaused, filter } = view;
	const place = chosen ? placeOf(shown, chosen) : undefined;

	return (
		<div class="tap" data-detailed={isDetailed}>
			<div class="tap-main">
				<div class="bar">
					<button
						type="button"
						class={isPaused ? "primary" : ""}
						aria-pressed={isPaused}
						onClick={() => pause(!isPaused)}
					>
						{isPaused ? `Go on (${toCount(view.waiting)} new)` : "Pause"}
					</button>
					<button type="button" onClick={clear}>
						Clear
					</button>
					<Fields filter={filter} />
				</div>
				<div class="bar bar-low">
					<div class="chips" role="group" aria-label="Direction">
						<Chip filter={filter} kind={undefined} />
						{KINDS.map((kind) => (
							<Chip key={kind} filter={filter} kind={kind} />
						))}
					</div>
				</div>
				<VirtualRows
					className="tap-rows"
					label="Messages"
					count={shown.length}
					chosen={place}
					choose={(index) => setChosen(shown[index])}
					open={() => setDetailed(true)}
					follows={!isPaused && !isDetailed && chosen === undefined}
					followed={(isAtEnd) => {
						if (isAtEnd && !isDetailed) setChosen(undefined);
						else if (!isAtEnd && !chosen) setChosen(shown.at(-1));
					}}
					row={(index) => {
						const heard = shown[index];
						return heard && <Line heard={heard} />;
					}}
					empty={emptyText(view)}
				/>
				<p class="foot" role="status">
					{footOf(view, overhear)}
				</p>
			</div>
			{chosen && isDetailed && (
				<Detail
					heard={chosen}
					close={() => {
						setDetailed(false);
						setChosen(undefined);
					}}
				/>
			)}
		</div>
	);
}

/** They are in the order of their numbers. */
function placeOf(
	shown: readonly Heard[],
	{ number }: Heard,
): number | undefined {
	let low = 0;
	let high = shown.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((shown[middle]?.number ?? 0) < number) low = middle + 1;
		else high = middle;
	}
	return shown[low]?.number === number ? low : undefined;
}

function emptyText({ problem, isOpen, kept }: TapView): string {
	if (problem !== undefined) return `The tap is shut: ${problem}.`;
	if (!isOpen) return "Opening the tap…";
	return kept === 0
		? "The tap is open. What is said from here on stands here."
		: "Nothing that was heard passes the filter.";
}

function footOf(view: TapView, overhear: boolean): string {
	const { kept, bytes, gone, dropped, hidden, problem } = view;
	return [
		problem === undefined ? "" : `shut: ${problem}`,
		`${toCount(kept)} kept, ${toBytes(bytes)}`,
		gone > 0 ? `${toCount(gone)} let go for want of room` : "",
		dropped > 0 ? `${toCount(dropped)} came too fast for this page` : "",
		hidden > 0
			? `${toCount(hidden)} not shown${overhear ? "" : ": what is said to one agent is for a grant that says overhear"}`
			: "",
	]
		.filter(Boolean)
		.join(" · ");
}

function Chip({
	filter,
	kind,
}: {
	readonly filter: Filter;
	readonly kind: Filter["kind"];
}) {
	return (
		<button
			type="button"
			class={`chip kind-${kind ?? "all"}`}
			aria-pressed={filter.kind === kind}
			onClick={() => setFilter({ ...filter, kind })}
		>
			{kind ?? "all"}
		</button>
	);
}

const FIELDS = [
	{ name: "type", label: "Type", hint: "bark, scene_*" },
	{ name: "agent", label: "Agent", hint: "timmy" },
	{ name: "text", label: "Text", hint: "anything said" },
] as const;

function Fields({ filter }: { readonly filter: Filter }) {
	return (
		<div class="fields">
			{FIELDS.map(({ name, label, hint }) => (
				<label key={name}>
					<span>{label}</span>
					<input
						type="search"
						value={filter[name]}
						placeholder={hint}
						onInput={({ currentTarget: { value } }) =>
							setFilter({ ...filter, [name]: value })
						}
					/>
				</label>
			))}
		</div>
	);
}

function Line({ heard }: { readonly heard: Heard }) {
	const { at, kind, type, from, to } = heard;
	return (
		<>
			<div class="cell cell-at" role="gridcell">
				{toClock(at)}
			</div>
			<div class={`cell cell-kind kind-${kind}`} role="gridcell">
				{kind}
			</div>
			<div class="cell cell-names" role="gridcell">
				{from.join(", ") || <span class="quiet">{speakerOf(kind)}</span>}
				{to.length > 0 && <span class="quiet"> → </span>}
				{to.join(", ")}
			</div>
			<div class="cell cell-type" role="gridcell">
				{type}
			</div>
			<div class="cell cell-text" role="gridcell">
				{previewOf(heard)}
			</div>
		</>
	);
}

function speakerOf(kind: Heard["kind"]): string {
	const isClient = ["broadcast", "directed", "refused"].includes(kind);
	return isClient ? "a viewer" : "gateway";
}
