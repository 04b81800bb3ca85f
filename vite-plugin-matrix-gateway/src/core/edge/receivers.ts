/**
 * Who receives broadcasts, in a circle. Who is last in a flush waits for the writes to all others,
 * so that each flush begins at another place.
 */
import { type Connection, NO_PLACE } from "./connection.ts";

export interface Receivers {
	count(): number;
	add(connection: Connection): void;
	remove(connection: Connection): void;
	/**
	 * Calls for each, from a place on that is another each time, until a call returns false. Returns
	 * those that were not called for. Nobody comes or goes meanwhile.
	 */
	walk(call: (connection: Connection) => boolean): readonly Connection[];
	all(): readonly Connection[];
}

/** The part of the circle by which each flush begins later: the golden ratio, which spreads them best. */
const STEP = 0.618034;

export function createReceivers(): Receivers {
	const circle: Connection[] = [];
	let turned = 0;

	return {
		count: () => circle.length,
		all: () => circle,
		add(connection) {
			if (connection.place !== NO_PLACE) return;
			connection.place = circle.length;
			circle.push(connection);
		},
		remove(connection) {
			const { place } = connection;
			if (place === NO_PLACE) return;
			connection.place = NO_PLACE;
			const last = circle.pop();
			if (!last || last === connection) return;
			circle[place] = last;
			last.place = place;
		},
		walk(call) {
			turned = (turned + STEP) % 1;
			const start = Math.floor(turned * circle.length);
			for (let at = start; at < circle.length; at++)
				if (!call(circle[at] as Connection))
					return [...circle.slice(at + 1), ...circle.slice(0, start)];
			for (let at = 0; at < start; at++)
				if (!call(circle[at] as Connection)) return circle.slice(at + 1, start);
			return NOBODY;
		},
	};
}

const NOBODY: readonly Connection[] = [];
