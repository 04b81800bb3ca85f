/** When much happened, and when little; with the place that is looked at. */
import { useMemo } from "preact/hooks";
import type { Moment } from "./moment.ts";

const BARS = 160;

export interface DensityProps {
	readonly moments: readonly Moment[];
	readonly index: number;
}

/** The slider counts moments, so a bar is as many of them, and as high as they came close together. */
export function Density({ moments, index }: DensityProps) {
	const path = useMemo(() => pathOf(moments), [moments]);
	const place = (index / Math.max(1, moments.length - 1)) * BARS;
	return (
		<svg
			class="density"
			viewBox={`0 0 ${BARS} 20`}
			preserveAspectRatio="none"
			aria-hidden="true"
		>
			<path d={path} />
			<line x1={place} x2={place} y1={0} y2={20} />
		</svg>
	);
}

function pathOf(moments: readonly Moment[]): string {
	const counts = new Array<number>(BARS).fill(0);
	const last = Math.max(1, moments.length - 1);
	for (let bar = 0; bar < BARS; bar++) {
		const first = moments[Math.floor((bar / BARS) * last)];
		const next = moments[Math.ceil(((bar + 1) / BARS) * last)];
		const took = (next?.at ?? 0) - (first?.at ?? 0);
		counts[bar] = last / BARS / Math.max(20, took);
	}
	const most = Math.max(...counts);
	return counts
		.map((count, bar) => {
			const height = most > 0 ? Math.max(1, Math.sqrt(count / most) * 18) : 1;
			return `M${bar + 0.1} 20V${20 - height}h0.8V20z`;
		})
		.join("");
}
