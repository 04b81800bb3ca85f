/** The world as it was. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { toReason } from "../api.ts";
import { world } from "../session.ts";
import { previewOfText } from "../tap/preview.ts";
import { type Base, tap } from "../tap/tap.ts";
import { toClock } from "../ui/format.ts";
import { useStore } from "../ui/store.ts";
import { VirtualRows } from "../ui/virtual-rows.tsx";
import { Density } from "./density.tsx";
import type { Moment } from "./moment.ts";
import { filePast, heardPast, keptPast, type Past } from "./sources.ts";
import { Then } from "./then.tsx";
import { createTimeline, type Timeline } from "./timeline.ts";

type Source = "heard" | "kept" | "file";

interface Shown {
	readonly timeline: Timeline;
	readonly past: Past;
}

export function Time({ isKept }: { readonly isKept: boolean }) {
	const name = useStore(world);
	const { base } = useStore(tap);
	const [source, setSource] = useState<Source>("heard");
	const [file, setFile] = useState<File>();
	const [shown, setShown] = useState<Shown>();
	const [problem, setProblem] = useState<string>();
	const [index, setIndex] = useState(0);

	async function read(): Promise<void> {
		try {
			const past = await pastOf(source, { base, name, file }, shown?.past);
			if (!past) return;
			const timeline = await createTimeline(past.moments, past.table);
			setShown({ timeline, past });
			setIndex(Math.max(0, past.moments.length - 1));
			setProblem(undefined);
		} catch (error) {
			setShown(undefined);
			setProblem(toReason(error));
		}
	}

	useEffect(() => {
		void read();
	}, [source, name, file, source === "heard" && base]);

	return (
		<div class="time">
			<div class="bar">
				<div class="chips" role="group" aria-label="Read from">
					{SOURCES.map(([one, label]) => (
						<button
							type="button"
							key={one}
							class="chip"
							aria-pressed={source === one}
							onClick={() => setSource(one)}
						>
							{one === "kept" && isKept ? "The data folder" : label}
						</button>
					))}
				</div>
				{source === "file" ? (
					<input
						type="file"
						accept=".jsonl,.ndjson,.txt"
						aria-label="A recording"
						onChange={({ currentTarget }) => setFile(currentTarget.files?.[0])}
					/>
				) : (
					<button type="button" onClick={() => void read()}>
						Read again
					</button>
				)}
				<p class="quiet bar-note" role="status">
					{problem
						? `Not to be had: ${problem}.`
						: (shown?.past.note ?? noteOf(source))}
				</p>
			</div>
			{shown && shown.past.moments.length > 0 ? (
				<Scrub shown={shown} index={index} setIndex={setIndex} />
			) : (
				<p class="opening">{problem ? "" : emptyOf(source)}</p>
			)}
		</div>
	);
}

const SOURCES = [
	["heard", "Since this page opened"],
	["kept", "The gateway's log"],
	["file", "A recording"],
] as const;

interface Given {
	readonly base: Base | undefined;
	readonly name: string;
	readonly file: File | undefined;
}

async function pastOf(
	source: Source,
	{ base, name, file }: Given,
	before: Past | undefined,
): Promise<Past | undefined> {
	if (source === "heard") return base && heardPast(base);
	if (source === "kept") return keptPast(name);
	return file && filePast(file, before?.table ?? new Map());
}

function noteOf(source: Source): string {
	return source === "file" ? "Choose a file of matrix-gateway record." : "";
}

function emptyOf(source: Source): string {
	return source === "file"
		? "A recording is one line of JSON a moment, as `matrix-gateway record` writes it. It is read here, and sent nowhere."
		: "Listening…";
}

interface ScrubProps {
	readonly shown: Shown;
	readonly index: number;
	setIndex(index: number): void;
}

function Scrub({ shown: { timeline }, index, setIndex }: ScrubProps) {
	const { moments } = timeline;
	const last = moments.length - 1;
	const then = useMemo(() => timeline.worldAt(index), [timeline, index]);
	const moment = moments[index];
	const step = (by: number) =>
		setIndex(Math.min(last, Math.max(0, index + by)));
	return (
		<>
			<div class="scrub">
				<Density moments={moments} index={index} />
				<input
					type="range"
					aria-label="Moment"
					aria-valuetext={moment && labelOf(moment, index)}
					min={0}
					max={last}
					value={index}
					onInput={({ currentTarget }) => setIndex(Number(currentTarget.value))}
				/>
				<div class="scrub-line">
					<div class="buttons">
						<button
							type="button"
							aria-label="One moment back"
							onClick={() => step(-1)}
						>
							‹
						</button>
						<button
							type="button"
							aria-label="One moment on"
							onClick={() => step(1)}
						>
							›
						</button>
					</div>
					<output>{moment && labelOf(moment, index)}</output>
					<span class="quiet">
						{index + 1} of {moments.length}
					</span>
				</div>
			</div>
			<div class="time-body">
				<VirtualRows
					className="moment-rows"
					label="Moments"
					count={moments.length}
					chosen={index}
					choose={setIndex}
					open={setIndex}
					row={(at) => {
						const one = moments[at];
						return one && <Line moment={one} />;
					}}
					empty=""
				/>
				<Then then={then} />
			</div>
		</>
	);
}

function labelOf({ at }: Moment, index: number): string {
	if (at === undefined) return `place ${index + 1}`;
	return `${new Date(at).toLocaleDateString("sv")} ${toClock(at)}`;
}

function Line({ moment }: { readonly moment: Moment }) {
	return (
		<>
			<div class="cell cell-at" role="gridcell">
				{moment.at === undefined ? "–" : toClock(moment.at)}
			</div>
			<div class={`cell kind-${KIND_OF[moment.what]}`} role="gridcell">
				{moment.what}
			</div>
			<div class="cell cell-text" role="gridcell">
				{textOf(moment)}
			</div>
		</>
	);
}

const KIND_OF: Readonly<Record<Moment["what"], string>> = {
	here: "event",
	joined: "presence",
	left: "presence",
	message: "broadcast",
	missed: "refused",
	retained: "event",
};

function textOf(moment: Moment): string {
	if (moment.what === "here")
		return moment.agents.map(({ agentId }) => agentId).join(", ");
	if (moment.what === "joined") return `${moment.agentId} (${moment.role})`;
	if (moment.what === "left") return `${moment.agentId}: ${moment.reason}`;
	if (moment.what === "missed") return moment.reason;
	const { from, to, text } = moment;
	const names = [from, to && `→ ${to}`].filter(Boolean).join(" ");
	const type = /"type"\s*:\s*"([^"]*)"/.exec(text)?.[1];
	return [names, type, previewOfText(text)].filter(Boolean).join("   ");
}
