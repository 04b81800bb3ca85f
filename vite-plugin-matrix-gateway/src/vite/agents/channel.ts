/** Between Vite's environment of the agents, and the runners in their threads. */
import type { HotChannel, HotPayload } from "vite";

export interface AgentsChannel {
	/** What the environment is made with. */
	readonly transport: HotChannel;
	/** Takes what a runner says; `answer` says something to that one. */
	take(text: string, answer: (text: string) => void): void;
	/** Has runners told what the environment says to all of them. */
	connect(tell: Tell): void;
}

type Tell = (payload: HotPayload, text: string) => void;
type Listener = (data: unknown, client: object) => void;

export function createAgentsChannel(): AgentsChannel {
	const listeners = new Map<string, Set<Listener>>();
	const tells = new Set<Tell>();
	const transport = {
		// What is run here is the project's own, wherever it lies.
		skipFsCheck: true,
		send(payload: HotPayload) {
			const text = toText(payload);
			for (const tell of tells) tell(payload, text);
		},
		on(event: string, listener: Listener) {
			const those = listeners.get(event) ?? new Set();
			listeners.set(event, those.add(listener));
		},
		off: (event: string, listener: Listener) =>
			void listeners.get(event)?.delete(listener),
		listen() {},
		close: () => tells.clear(),
	};
	return {
		transport: transport as HotChannel,
		take(text, answer) {
			const { event, data } = JSON.parse(text);
			const client = { send: (said: HotPayload) => answer(toText(said)) };
			for (const listener of listeners.get(event) ?? []) listener(data, client);
		},
		connect: (tell) => void tells.add(tell),
	};
}

/** As Vite's own channel writes it. An error may hold what cannot be written: a part of itself, most likely. */
function toText(payload: HotPayload): string {
	const within = new WeakSet<object>();
	return JSON.stringify(payload, (_key, value) => {
		if (typeof value === "bigint") return String(value);
		if (typeof value !== "object" || value === null) return value;
		if (within.has(value)) return undefined;
		within.add(value);
		return value;
	});
}
