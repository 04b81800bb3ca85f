/** What was measured, held against the gates. */
import { GATES } from "./gates.mjs";
import { round } from "./report.mjs";

/**
 * @typedef {{ what: string, need: string, measured: number, passed: boolean, floor?: number }} GateResult
 *   `floor` is the C program's figure in this run, where it misses the gate too.
 */

/**
 * @param {import("./gates.mjs").Find} find
 * @returns {GateResult[]}
 */
export function judge(find) {
	return GATES.flatMap((gate) => {
		const { what, atLeast, atMost, measure } = gate;
		const measured = measure(find, "matrix");
		if (measured === undefined) return [];
		const need =
			atLeast === undefined ? `≤ ${round(atMost ?? 0)}` : `≥ ${round(atLeast)}`;
		const passed = isReached(gate, measured);
		const floor = passed ? undefined : measure(find, "floor");
		const isMissedByAll = floor !== undefined && !isReached(gate, floor);
		return {
			what,
			need,
			measured,
			passed,
			...(isMissedByAll ? { floor } : {}),
		};
	});
}

/** @param {GateResult[]} gates */
export function toGateLines(gates) {
	const width = Math.max(...gates.map(({ what }) => what.length));
	return gates
		.map(
			({ what, need, measured, passed, floor }) =>
				`${passed ? "ok  " : "MISS"} ${what.padEnd(width)} ${need.padEnd(8)} ${round(measured)}${toFloor(measured, floor)}`,
		)
		.join("\n");
}

/**
 * @param {import("./gates.mjs").Gate} gate
 * @param {number} measured
 */
function isReached({ atLeast, atMost }, measured) {
	return (
		measured >= (atLeast ?? 0) &&
		measured <= (atMost ?? Number.POSITIVE_INFINITY)
	);
}

/**
 * @param {number} measured
 * @param {number | undefined} floor
 */
function toFloor(measured, floor) {
	return floor === undefined
		? ""
		: `  (the C program: ${round(floor)}; ${round(measured / floor)} of it)`;
}
