/** How much fits into an answer. */
import { toText } from "./answer.ts";

export interface Budget {
	/** Characters that are left. */
	readonly room: number;
	/** Takes the room of a value, if there is enough. */
	take(value: unknown): boolean;
	/** Takes as many of the values, in order, as there is room for. */
	takeAll<Value>(values: readonly Value[]): Taken<Value>;
	/** The same of what is shown of each; of those that have no room at most one is made. */
	takeShown<Value, Shown>(
		values: readonly Value[],
		show: (value: Value) => Shown,
	): Taken<Shown>;
}

export interface Taken<Value> {
	readonly taken: readonly Value[];
	/** How many had no room. */
	readonly leftOut: number;
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

	function takeShown<Value, Shown>(
		values: readonly Value[],
		show: (value: Value) => Shown,
	): Taken<Shown> {
		const taken: Shown[] = [];
		for (const value of values) {
			const shown = show(value);
			if (!take(shown)) break;
			taken.push(shown);
		}
		return { taken, leftOut: values.length - taken.length };
	}

	return {
		get room() {
			return room;
		},
		take,
		takeAll: (values) => takeShown(values, (value) => value),
		takeShown,
	};
}
