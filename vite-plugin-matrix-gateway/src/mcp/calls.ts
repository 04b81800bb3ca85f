/** The calls that are being done, so that they can be cancelled by a message that comes by itself. */
import { AgentError } from "./agent/agent-error.ts";

export interface Calls {
	/**
	 * @param key Which call it is, among all.
	 * @throws AgentError where too many are being done.
	 */
	begin(key: string): Call;
	/** Nothing happens where there is no such call. */
	cancel(key: string): void;
}

export interface Call {
	readonly signal: AbortSignal;
	end(): void;
}

/** At once, of all clients: most of them wait. */
const MAX_CALLS = 500;

export function createCalls(): Calls {
	const all = new Map<string, AbortController>();
	return {
		begin(key) {
			if (all.size >= MAX_CALLS)
				throw new AgentError("Too many calls at once: try again later");
			const controller = new AbortController();
			all.set(key, controller);
			return {
				signal: controller.signal,
				end() {
					if (all.get(key) === controller) all.delete(key);
				},
			};
		},
		cancel: (key) => all.get(key)?.abort(),
	};
}

/** A JSON-RPC id, whose kind matters, within whose it is. */
export function callKey(whose: string, id: unknown): string {
	return `${whose} ${JSON.stringify(id)}`;
}
