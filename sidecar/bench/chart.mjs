/** Results as an SVG that reads well on light and on dark. */
import { CASES } from "./cases.mjs";
import { HUBS } from "./hubs.mjs";
import { count, round } from "./report.mjs";

const SHOWN = [
	"room-64",
	"room-1",
	"room-200",
	"mesh-2000",
	"pairs-200",
	"storm",
];
const WIDTH = 1080;
const COLUMN = WIDTH / 2;
const LABEL = 136;
const BAR = 164;
const ROW = 24;
const TOP = 72;

/**
 * @param {import("./summary.mjs").Summary[]} summaries
 * @param {{ date: string, machine: { cores: number, node: string, pinned: boolean }, flags: { rounds: number } }} about
 */
export function toChart(summaries, { date, machine, flags }) {
	const panels = SHOWN.map((name) => toPanel(name, summaries)).filter(
		(panel) => panel.rows > 0,
	);
	const height = (Math.max(0, ...panels.map(({ rows }) => rows)) + 2) * ROW;
	const total = TOP + Math.ceil(panels.length / 2) * height;
	const placed = panels.map(({ svg }, index) => {
		const [x, y] = [(index % 2) * COLUMN, TOP + Math.floor(index / 2) * height];
		return `<g transform="translate(${x} ${y})">${svg}</g>`;
	});
	const pinned = machine.pinned ? ", server and load on a core each" : "";
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${total}" width="${WIDTH}" height="${total}" role="img" aria-label="Deliveries per second of server CPU time, and latency">
<style>
text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #7d8590 }
.title { font-size: 18px; font-weight: 600 }
.work { font-weight: 600 }
.ours { fill: #8957e5; font-weight: 600 }
.bar { fill: #7d8590; fill-opacity: 0.45 }
.bar.ours { fill: #8957e5; fill-opacity: 1 }
.bar.floor { fill-opacity: 0.12; stroke: #7d8590; stroke-dasharray: 3 3 }
.times { text-anchor: end }
.range { stroke: #7d8590; stroke-width: 1.5 }
</style>
<text x="16" y="28" class="title">Deliveries per second of server CPU time, and latency</text>
<text x="16" y="50">Long bars and short times are good. Medians and range of ${flags.rounds} interleaved rounds, Node ${machine.node.slice(1)}${pinned}, ${date.slice(0, 10)}</text>
${placed.join("\n")}
</svg>
`;
}

/**
 * @param {string} name
 * @param {import("./summary.mjs").Summary[]} summaries
 */
function toPanel(name, summaries) {
	const own = summaries.filter(
		({ work, perSecond }) => work === name && perSecond,
	);
	const longest = Math.max(...own.map(({ max = 0 }) => max));
	const base = own.find(({ hub }) => hub === "ws")?.perSecond;
	const title = CASES.find((work) => work.name === name)?.title ?? name;
	const bars = own
		.sort((one, other) => (other.perSecond ?? 0) - (one.perSecond ?? 0))
		.map((summary, index) =>
			toBar(summary, (index + 1) * ROW, BAR / longest, base),
		);
	const times = own.some(({ p99 }) => p99)
		? `<text x="${COLUMN - 16}" y="8" class="times">p50 / p99 ms</text>`
		: "";
	return {
		rows: own.length,
		svg: `<text x="16" y="8" class="work">${title[0]?.toUpperCase()}${title.slice(1)}</text>${times}${bars.join("")}`,
	};
}

/**
 * @param {import("./summary.mjs").Summary} summary
 * @param {number} y
 * @param {number} scale
 * @param {number | undefined} base
 */
function toBar(summary, y, scale, base) {
	const { hub, perSecond = 0, min = 0, max = 0, p50, p99 } = summary;
	const label = HUBS.find(({ name }) => name === hub)?.label ?? hub;
	const kind = hub === "matrix" ? "ours" : hub;
	const start = 16 + LABEL;
	const at = (/** @type {number} */ value) =>
		(start + value * scale).toFixed(1);
	const ratio =
		base && hub !== "ws" ? ` · ${(perSecond / base).toFixed(1)}×` : "";
	return [
		`<text x="16" y="${y + 4}" class="${kind}">${label}</text>`,
		`<rect x="${start}" y="${y - 8}" width="${(perSecond * scale).toFixed(1)}" height="16" rx="2" class="bar ${kind}"/>`,
		`<path d="M${at(min)} ${y}H${at(max)}" class="range"/>`,
		`<text x="${(Number(at(max)) + 8).toFixed(1)}" y="${y + 4}" class="${kind}">${count(perSecond)}${ratio}</text>`,
		p99
			? `<text x="${COLUMN - 16}" y="${y + 4}" class="times ${kind}">${round(p50)} / ${round(p99)}</text>`
			: "",
	].join("");
}
