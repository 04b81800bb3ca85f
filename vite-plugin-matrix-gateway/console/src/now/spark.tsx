/** A line of the last minutes, without axes: its figure stands beside it. */
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

export interface SparkProps {
	readonly at: readonly number[];
	readonly line: readonly number[];
}

/** Where the line changes its colours with the page's. */
const DARK = matchMedia("(prefers-color-scheme: dark)");

export function Spark({ at, line }: SparkProps) {
	const box = useRef<HTMLDivElement>(null);
	const plot = useRef<uPlot>(undefined);

	useEffect(() => {
		const element = box.current;
		if (!element) return undefined;
		const draw = () => {
			const data = plot.current?.data ?? [[], []];
			plot.current?.destroy();
			plot.current = createPlot(element, data);
		};
		draw();
		const observer = new ResizeObserver(() =>
			plot.current?.setSize(sizeOf(element)),
		);
		observer.observe(element);
		DARK.addEventListener("change", draw);
		return () => {
			observer.disconnect();
			DARK.removeEventListener("change", draw);
			plot.current?.destroy();
		};
	}, []);

	useEffect(() => plot.current?.setData([[...at], [...line]]), [at, line]);

	return <div class="spark" ref={box} aria-hidden="true" />;
}

function createPlot(element: HTMLElement, data: uPlot.AlignedData): uPlot {
	const style = getComputedStyle(element);
	return new uPlot(
		{
			...sizeOf(element),
			cursor: { show: false },
			legend: { show: false },
			padding: [2, 0, 1, 0],
			axes: [{ show: false }, { show: false }],
			scales: {
				y: { range: (_, least, most) => [Math.min(0, least), most * 1.1 || 1] },
			},
			series: [
				{},
				{
					stroke: style.getPropertyValue("--line").trim(),
					fill: style.getPropertyValue("--line-fill").trim(),
					width: 1.25,
					points: { show: false },
				},
			],
		},
		data,
		element,
	);
}

function sizeOf({ clientWidth, clientHeight }: HTMLElement) {
	return {
		width: Math.max(20, clientWidth),
		height: Math.max(12, clientHeight),
	};
}
