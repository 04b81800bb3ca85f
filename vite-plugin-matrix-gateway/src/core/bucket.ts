/** So much at once, and after that so much a second. */
export interface Rate {
	readonly burst: number;
	readonly perSecond: number;
}

/** One account of a rate. */
export interface Bucket {
	/** Takes one, where there is one to take. */
	take(now: number): boolean;
}

export function createBucket({ burst, perSecond }: Rate, now: number): Bucket {
	let tokens = burst;
	let refilledAt = now;

	return {
		take(now) {
			const refill = ((now - refilledAt) / 1000) * perSecond;
			tokens = Math.min(burst, tokens + refill);
			refilledAt = now;
			if (tokens < 1) return false;
			tokens -= 1;
			return true;
		},
	};
}
