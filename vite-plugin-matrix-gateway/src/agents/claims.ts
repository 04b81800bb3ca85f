/** Whose a name is: one that two files give themselves belongs to the first, for as long as that has it. */

/** One of those who want names. */
export interface Claimant {
	readonly file: string;
	/** The name that it was refused is free. */
	again(): void;
}

export interface Claims {
	/** Takes a name, in place of what they had before. Returns who has it instead. */
	take(name: string, by: Claimant): Claimant | undefined;
	/** It is gone, and wants none. */
	release(by: Claimant): void;
}

export function createClaims(): Claims {
	const owners = new Map<string, Claimant>();
	const refused = new Map<Claimant, string>();

	function giveUp(by: Claimant, kept?: string): void {
		refused.delete(by);
		for (const [name, owner] of owners)
			if (owner === by && name !== kept) free(name);
	}

	function free(name: string): void {
		owners.delete(name);
		for (const [waiting, wanted] of [...refused])
			if (wanted === name) {
				refused.delete(waiting);
				waiting.again();
			}
	}

	return {
		take(name, by) {
			// First: two who swap their names would wait for each other.
			giveUp(by, name);
			const owner = owners.get(name) ?? by;
			if (owner === by) owners.set(name, by);
			else refused.set(by, name);
			return owner === by ? undefined : owner;
		},
		release: (by) => giveUp(by),
	};
}
