/** The calls that are being done, so that they can be cancelled by a message that comes by itself. */
import { AgentError } from "./agent/agent-error.ts";

export interface Calls {
	/**
	 * @throws AgentError where too many are being done, of its credential or of all, or where its id is that
	 * of another call of its session.
	 */
	begin(by: Requestor, id: unknown): Call;
	/** Whether an id, whose kind matters, is that of a call of this session: without one it is nobody's own. */
	isOpen(by: Requestor, id: unknown): boolean;
	/** Nothing happens where there is no such call. */
	cancel(by: Requestor, id: unknown): void;
}

/** Within what the ids of calls are looked for. */
export interface Requestor {
	/** What it has shown; "" where none is asked for. */
	readonly credential: string;
	readonly scope: string;
	/** In a session an id is of one call; without one, clients that share an agent have the same ids. */
	readonly isSession: boolean;
}

export interface Call {
	readonly signal: AbortSignal;
	end(): void;
}

/** At once, of all clients: most of them wait. */
const MAX_CALLS = 500;

/** Or one credential would leave nothing to the others. */
const MAX_OF_ONE = 32;

export const ID_IN_USE = "The id is that of a request that is being answered";

export function createCalls(): Calls {
	/** By their credentials. */
	const all = new Map<string, Set<Open>>();
	let size = 0;

	function find({ credential, scope }: Requestor, id: unknown): Open[] {
		const own = [...(all.get(credential) ?? [])];
		return own.filter((open) => open.scope === scope && open.id === id);
	}

	function isOpen(by: Requestor, id: unknown): boolean {
		return by.isSession && find(by, id).length > 0;
	}

	return {
		begin(by, id) {
			const { credential, scope } = by;
			const own = all.get(credential) ?? new Set<Open>();
			if (isOpen(by, id)) throw new AgentError(ID_IN_USE);
			if (own.size >= MAX_OF_ONE || size >= MAX_CALLS)
				throw new AgentError("Too many calls at once: try again later");
			const controller = new AbortController();
			const open = { scope, id, controller };
			all.set(credential, own.add(open));
			size++;
			return {
				signal: controller.signal,
				end() {
					if (!own.delete(open)) return;
					size--;
					if (own.size === 0) all.delete(credential);
				},
			};
		},
		isOpen,
		cancel(by, id) {
			for (const { controller } of find(by, id)) controller.abort();
		},
	};
}

interface Open {
	readonly scope: string;
	readonly id: unknown;
	readonly controller: AbortController;
}
