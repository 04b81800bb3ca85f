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
 * @param {{ only?: string | undefined, windows: boolean, rate?: number | undefined }} asked
 * @returns {Promise<Step[]>}
 */
export async function planSteps(hubs, { only, windows, rate }) {
	const chosen = CASES.filter(({ name, withFlag }) =>
		withFlag && windows ? true : (only?.split(",").includes(name) ?? !withFlag),
	);
	const measure =
		rate || !chosen.some(({ halfOf }) => halfOf)
			? undefined
			: await findMeasure(hubs);
	const works = chosen.filter(({ name, halfOf }) => {
		const isPossible = !halfOf || rate || measure;
		if (!isPossible)
			console.log(`Without ${name}: no ${MEASURE_OF_RATE} to say how much`);
		return isPossible;
	});
	const steps = works.flatMap((work) =>
		hubs
			.filter(({ hub }) => hub.ours || isPeerAt(work, hub))
			.map((found) => ({ ...found, work })),
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
