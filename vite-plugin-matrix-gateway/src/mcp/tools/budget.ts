/** How much fits into an answer. */
import { toText } from "./answer.ts";

export interface Budget {
	/** Characters that are left. */
	readonly room: number;
	/** Takes the room of a value, if there is enough. */
	take(value: unknown): boolean;
	/** Takes as many of the values, in order, as there is room for, and says how many are left out. */
	takeAll<Value>(values: readonly Value[]): {
		readonly taken: readonly Value[];
		readonly leftOut: number;
	};
}

export function createBudget(characters: number): Budget {
	let room = characters;

	function take(value: unknown): boolean {
		// And a comma.
		const size = toText(value).length + 1;
		if (size > room) return false;
		room -= size;
		return true;
	}

	return {
		get room() {
			return room;
		},
		take,
		takeAll(values) {
			const end = values.findIndex((value) => !take(value));
			const taken = end < 0 ? values : values.slice(0, end);
			return { taken, leftOut: values.length - taken.length };
		},
	};
}
