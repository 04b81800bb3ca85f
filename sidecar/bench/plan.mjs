/** Which work is done by which hubs, and how much of it is sent. */
import { CASES } from "./cases.mjs";
import { HUBS } from "./hubs.mjs";
import { summarize } from "./summary.mjs";

/** Its saturation is the measure of the rate at which directed messages are sent. */
const MEASURE_OF_RATE = "bun";

/**
 * @typedef {import("./cases.mjs").Case} Case
 * @typedef {{ hub: import("./hubs.mjs").Hub, launch: import("./hubs.mjs").Launch }} Found
 * @typedef {Found & { work: Case }} Step
 * @typedef {import("./measure.mjs").Measurement} Measurement
 */

/**
 * What others are measured against comes before them, so that each round has its own measure.
 * @param {Found[]} hubs
 * @param {{ only?: string | undefined, quick: boolean, windows: boolean, rate?: number | undefined, noTls?: string | undefined }} asked
 *   `noTls` is why there is none.
 * @returns {Promise<Step[]>}
 */
export async function planSteps(hubs, { only, quick, windows, rate, noTls }) {
	const chosen = CASES.filter(({ name, withFlag, long }) =>
		withFlag && windows
			? true
			: (only?.split(",").includes(name) ?? !(withFlag || (quick && long))),
	);
	const measure =
		rate || !chosen.some(({ halfOf }) => halfOf)
			? undefined
			: await findMeasure(hubs);
	const works = chosen.filter(({ name, halfOf, load }) => {
		const why =
			halfOf && !rate && !measure
				? `no ${MEASURE_OF_RATE} to say how much`
				: load.tls && noTls;
		if (why) console.log(`Without ${name}: ${why}`);
		return !why;
	});
	const steps = works.flatMap((work) =>
		hubs
			.filter(({ hub }) => hub.ours || isPeerAt(work, hub))
			.flatMap(({ hub, launch }) => toStep(work, hub, launch)),
	);
	if (!measure) return steps;
	const missing = CASES.filter(
		({ name }) =>
			works.some(({ halfOf }) => halfOf === name) &&
			!steps.some(
				({ work, hub }) => work.name === name && hub.name === MEASURE_OF_RATE,
			),
	);
	return [...missing.map((work) => ({ ...measure, work })), ...steps];
}

/**
 * The load's rate where it depends on what was measured so far.
 * @param {Case} work
 * @param {Step[]} steps
 * @param {Measurement[][]} measured of each step
 */
export function rateFor({ halfOf }, steps, measured) {
	const at = steps.findIndex(
		({ work, hub }) => work.name === halfOf && hub.name === MEASURE_OF_RATE,
	);
	const { perSecond = 0 } = summarize("", "", measured[at] ?? []);
	return Math.round(perSecond / 2);
}

/**
 * @param {Case} work
 * @param {Found["hub"]} hub
 * @param {Found["launch"]} launch
 * @returns {Step[]} none where it serves no TLS and is to
 */
function toStep(work, hub, launch) {
	if (!work.load.tls) return [{ work, hub, launch }];
	const { secure } = launch;
	if (!secure) return [];
	const { portFlag: _, ...rest } = launch;
	return [{ work, hub, launch: { ...rest, ...secure } }];
}

/** @param {Found[]} hubs */
async function findMeasure(hubs) {
	const found = hubs.find(({ hub }) => hub.name === MEASURE_OF_RATE);
	const hub = HUBS.find(({ name }) => name === MEASURE_OF_RATE);
	if (found || !hub) return found;
	try {
		return { hub, launch: await hub.find() };
	} catch {
		return undefined;
	}
}

/**
 * @param {Case} work
 * @param {import("./hubs.mjs").Hub} hub
 */
function isPeerAt({ peers, load }, { name, deflates }) {
	const isAsked = peers?.includes(name) ?? true;
	return isAsked && Boolean(load.deflate) === Boolean(deflates);
}
