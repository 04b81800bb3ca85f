/** How much is done for requests at once, of all worlds: what one may take, others have not [HTTP8]. */
import { type Accounts, createAccounts } from "./messages/accounts.ts";

/** Places of which each is taken until it is given back. */
export interface Places {
	/** Takes one, or so many; undefined where there is none. What it returns gives back, once. */
	take(count?: number): (() => void) | undefined;
}

export interface Room {
	/** For bodies that are not all there. */
	readonly bodies: Places;
	/** For the bytes that have come of them. */
	readonly bytes: Places;
	/** For requests whose messages are being done. */
	readonly speakers: Places;
	/** For streams of events. */
	readonly listeners: Places;
	/** How much each client has said. */
	readonly accounts: Accounts;
}

export const MAX_BODIES = 1_000;
export const MAX_BODY_BYTES = 64 * 1024 * 1024;
export const MAX_SPEAKERS = 64;
export const MAX_LISTENERS = 1_000;

export function createRoom(): Room {
	return {
		bodies: createPlaces(MAX_BODIES),
		bytes: createPlaces(MAX_BODY_BYTES),
		speakers: createPlaces(MAX_SPEAKERS),
		listeners: createPlaces(MAX_LISTENERS),
		accounts: createAccounts(),
	};
}

export function createPlaces(most: number): Places {
	let taken = 0;
	return {
		take(count = 1) {
			if (taken + count > most) return undefined;
			taken += count;
			let held = count;
			return () => {
				taken -= held;
				held = 0;
			};
		},
	};
}
