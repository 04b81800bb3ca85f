/** So much at once, and after that so much a second. */
export interface Rate {
	readonly burst: number;
	readonly perSecond: number;
}

/** One account of a rate. */
export interface Bucket {
	/** Takes one, where there is one to take. */
	take(now: number): boolean;
	/** Whether there is one to take. */
	has(now: number): boolean;
	/** Milliseconds until there is one. */
	wait(now: number): number;
}

export function createBucket(rate: Rate, now: number): Bucket {
	return new TokenBucket(rate, now);
}

/** A class, since most named connections have one: a closure over its state took 200 bytes. */
class TokenBucket implements Bucket {
	readonly #rate: Rate;
	#tokens: number;
	#refilledAt: number;

	constructor(rate: Rate, now: number) {
		this.#rate = rate;
		this.#tokens = rate.burst;
		this.#refilledAt = now;
	}

	take(now: number): boolean {
		if (!this.has(now)) return false;
		this.#tokens -= 1;
		return true;
	}

	wait(now: number): number {
		if (this.has(now)) return 0;
		return ((1 - this.#tokens) / this.#rate.perSecond) * 1000;
	}

	has(now: number): boolean {
		const { burst, perSecond } = this.#rate;
		const refill = ((now - this.#refilledAt) / 1000) * perSecond;
		this.#tokens = Math.min(burst, this.#tokens + refill);
		this.#refilledAt = now;
		return this.#tokens >= 1;
	}
}
