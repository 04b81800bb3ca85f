/** How the gateway fares: five figures, each with its last minutes. */
import { toBytes, toMilliseconds, toRate } from "../ui/format.ts";
import { type History, SERIES } from "./history.ts";
import { Spark } from "./spark.tsx";

export function Strip({ history }: { readonly history: History }) {
	return (
		<section class="strip" aria-label="Figures of the last minutes">
			{SERIES.map(({ name, label, unit }) => {
				const line = history.lines[name];
				return (
					<div class="figure" key={name}>
						<span class="figure-label">{label}</span>
						<output class="figure-value">{toText(line.at(-1), unit)}</output>
						<Spark at={history.at} line={line} />
					</div>
				);
			})}
		</section>
	);
}

function toText(value: number | undefined, unit: string): string {
	if (value === undefined) return "…";
	if (unit === "bytes") return toBytes(value);
	return unit === "ms" ? toMilliseconds(value) : `${toRate(value)}/s`;
}
