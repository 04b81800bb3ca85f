/** Between Vite's environment of the agents, and the runners in their threads. */
import type { HotChannel, HotPayload } from "vite";

export interface AgentsChannel {
	/** What the environment is made with. */
	readonly transport: HotChannel;
	/** Takes what a runner says; `answer` says something to that one. */
	take(text: string, answer: (text: string) => void): void;
	/** Has all runners told what the environment says to them. */
	connect(tell: (payload: HotPayload, text: string) => void): void;
}

type Listener = (data: unknown, client: object) => void;

export function createAgentsChannel(): AgentsChannel {
	const listeners = new Map<string, Set<Listener>>();
	let tell: (payload: HotPayload, text: string) => void = () => {};
	const transport = {
		// What is run here is the project's own, wherever it lies.
		skipFsCheck: true,
		send: (payload: HotPayload) => tell(payload, toText(payload)),
		on(event: string, listener: Listener) {
			const those = listeners.get(event) ?? new Set();
			listeners.set(event, those.add(listener));
		},
		off: (event: string, listener: Listener) =>
			void listeners.get(event)?.delete(listener),
		listen() {},
		close() {
			tell = () => {};
		},
	};
	return {
		transport: transport as HotChannel,
		take(text, answer) {
			const { event, data } = JSON.parse(text);
			const client = { send: (said: HotPayload) => answer(toText(said)) };
			for (const listener of listeners.get(event) ?? []) listener(data, client);
		},
		connect(to) {
			tell = to;
		},
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
