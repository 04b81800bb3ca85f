/** Has a host end its turns one by one, as a test says. */
import type { FakeHost } from "./host.ts";

export interface Turns {
	/** Ends a turn: what that defers waits for the next one. */
	turn(): void;
	/** Ends all that are left, and has the host end them by itself again. */
	end(): void;
}

export function stepTurns(host: FakeHost): Turns {
	const { defer } = host;
	let deferred: (() => void)[] = [];
	host.defer = (callback) => void deferred.push(callback);

	function take(): readonly (() => void)[] {
		const taken = deferred;
		deferred = [];
		return taken;
	}

	return {
		turn() {
			for (const callback of take()) callback();
		},
		end() {
			host.defer = defer;
			for (const callback of take()) defer(callback);
			host.turn();
		},
	};
}
