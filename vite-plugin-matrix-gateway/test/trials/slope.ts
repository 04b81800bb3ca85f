/** Where a figure goes over time. */
export interface Sample {
	/** Seconds. */
	readonly at: number;
	readonly value: number;
}

/** By least squares: how much the value grows a second. */
export function slopeOf(samples: readonly Sample[]): number {
	const mean = (values: readonly number[]) =>
		values.reduce((sum, value) => sum + value, 0) / values.length;
	const at = mean(samples.map(({ at }) => at));
	const middle = mean(samples.map(({ value }) => value));
	let above = 0;
	let below = 0;
	for (const sample of samples) {
		above += (sample.at - at) * (sample.value - middle);
		below += (sample.at - at) ** 2;
	}
	return below === 0 ? 0 : above / below;
}
