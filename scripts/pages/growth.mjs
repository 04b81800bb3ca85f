/** Whether what is measured again and again grows. */

/** By how much the order of the samples has to be a rising one: 1 in 200 of those by chance is. */
const CERTAIN = 2.58;

/**
 * By the median of the slopes between any two, which neither a sample that was taken in the middle of something nor a step
 * moves; and by Mann and Kendall's test of whether it is chance.
 *
 * @param {readonly number[]} samples Evenly apart.
 * @returns {{ middle: number, slope: number, isCertain: boolean }} A step's slope.
 */
export function trendOf(samples) {
	const slopes = [];
	let rises = 0;
	for (const [from, first] of samples.entries())
		for (let to = from + 1; to < samples.length; to++) {
			slopes.push((samples[to] - first) / (to - from));
			rises += Math.sign(samples[to] - first);
		}
	const count = samples.length;
	const deviation = Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18);
	return {
		middle: median(samples),
		slope: median(slopes),
		isCertain: rises > CERTAIN * deviation,
	};
}

/**
 * Whether it grows by more than so much a step: on the whole, which is no chance, and in each half, since what leaks does
 * so all the time. What is compiled late, or fills up and is full, does not. Of what these pages showed in ten minutes, 3 MB an hour
 * more would have been told of each.
 */
export function grows(samples, most) {
	const half = Math.floor(samples.length / 2);
	const [whole, first, last] = [
		...[samples, samples.slice(0, half), samples.slice(-half)],
	].map(trendOf);
	return whole.isCertain && [whole, first, last].every((t) => t.slope > most);
}

function median(numbers) {
	const sorted = numbers.toSorted((one, other) => one - other);
	const middle = sorted.length >> 1;
	return sorted.length % 2
		? sorted[middle]
		: (sorted[middle - 1] + sorted[middle]) / 2;
}
