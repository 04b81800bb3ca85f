/** One message: what it says, as it was sent, and as a test. */
import { useState } from "preact/hooks";
import { toBytes, toClock } from "../ui/format.ts";
import { canBeTest, toTest } from "./as-test.ts";
import { type Heard, textOf } from "./batch.ts";
import { toHex } from "./bytes.ts";
import { Json } from "./json.tsx";

const WAYS = {
	json: "JSON",
	raw: "Raw",
	bytes: "Bytes",
	test: "As a test",
} as const;
type Way = keyof typeof WAYS;

export function Detail({
	heard,
	close,
}: {
	readonly heard: Heard;
	close(): void;
}) {
	const [way, setWay] = useState<Way>("json");
	const [copied, setCopied] = useState(false);
	const ways = (Object.keys(WAYS) as Way[]).filter(
		(one) => one !== "test" || canBeTest(heard),
	);
	const used = ways.includes(way) ? way : "json";

	async function copy(): Promise<void> {
		await navigator.clipboard.writeText(contentOf(heard, used));
		setCopied(true);
		setTimeout(() => setCopied(false), 1_500);
	}

	return (
		<aside class="side side-over detail" aria-label="The chosen message">
			<div class="side-head">
				<h2>{heard.type || heard.kind}</h2>
				<button type="button" class="quiet-button" onClick={close}>
					Close
				</button>
			</div>
			<p class="quiet">{summaryOf(heard)}</p>
			<div class="bar-small">
				<div class="chips" role="group" aria-label="Shown as">
					{ways.map((one) => (
						<button
							type="button"
							key={one}
							class="chip"
							aria-pressed={one === used}
							onClick={() => setWay(one)}
						>
							{WAYS[one]}
						</button>
					))}
				</div>
				<button type="button" onClick={copy}>
					<span aria-live="polite">{copied ? "Copied" : "Copy"}</span>
				</button>
			</div>
			<div class="detail-text" tabIndex={0} role="region" aria-label="Content">
				{used === "json" ? (
					<Json text={textOf(heard)} />
				) : (
					<pre class={used === "bytes" ? "bytes" : "raw"}>
						{contentOf(heard, used)}
					</pre>
				)}
			</div>
		</aside>
	);
}

function contentOf(heard: Heard, way: Way): string {
	if (way === "bytes") return toHex(heard.payload);
	return way === "test" ? toTest(heard) : textOf(heard);
}

function summaryOf({ at, kind, from, to, conn, size }: Heard): string {
	const who = from.length > 0 ? `from ${from.join(", ")}` : "";
	const whom = to.length > 0 ? `to ${to.join(", ")}` : "";
	return [
		...[toClock(at), kind, who, whom, toBytes(size)],
		conn ? `connection ${conn}` : "",
	]
		.filter(Boolean)
		.join(" · ");
}
