/**
 * Which timers a piece of code has set, so that they end with it: those of `setTimeout`, `setInterval`
 * and `setImmediate`, of `node:timers/promises` too, and of all that it calls and awaits. Not tracked:
 * servers, sockets, child processes and what else has an end of its own.
 */
import { AsyncLocalStorage, createHook } from "node:async_hooks";

/** What was begun by one run of an agent, or by one evaluation of a module. */
export interface Scope {
	/** Runs code whose timers are this scope's. */
	run<Result>(code: () => Result): Result;
	/** Clears all timers; what is set in it from then on is cleared at once. */
	end(): void;
}

type Timer = NodeJS.Timeout | NodeJS.Immediate;

/** Ends timers of one scope. */
interface Timers {
	add(id: number, timer: Timer): void;
	delete(id: number): void;
}

const current = new AsyncLocalStorage<Scope & Timers>();
const owners = new Map<number, Timers>();

const hook = createHook({
	init(id, type, _trigger, resource) {
		if (type !== "Timeout" && type !== "Immediate") return;
		const scope = current.getStore();
		if (!scope) return;
		owners.set(id, scope);
		scope.add(id, resource as Timer);
	},
	destroy(id) {
		owners.get(id)?.delete(id);
		owners.delete(id);
	},
});

/** The scope whose code runs now. */
export function currentScope(): Scope | undefined {
	return current.getStore();
}

export function createScope(): Scope {
	hook.enable();
	const timers = new Map<number, Timer>();
	let isOver = false;
	const scope: Scope & Timers = {
		run: (code) => current.run(scope, code),
		end() {
			isOver = true;
			for (const timer of timers.values()) clear(timer);
			timers.clear();
		},
		add(id, timer) {
			timers.set(id, timer);
			// It is not set yet: the hook is called by its constructor.
			if (isOver) queueMicrotask(() => clear(timer));
		},
		delete: (id) => void timers.delete(id),
	};
	return scope;
}

/** Each of the two takes only its own. */
function clear(timer: Timer): void {
	clearTimeout(timer as NodeJS.Timeout);
	clearImmediate(timer as NodeJS.Immediate);
}
