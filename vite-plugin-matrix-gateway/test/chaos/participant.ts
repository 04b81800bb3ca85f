/** A client of the SDK's that remembers all that it was sent, and looks for what must not be. */
import { WebSocket } from "ws";
import { createMatrixClient } from "../../src/client/index.ts";

export interface Participant {
	readonly agentId: string;
	/** Sends one more numbered message, to all or to one. */
	speak(target?: string): void;
	/** The same to one, of which it wants a receipt. */
	ask(target: string): void;
	/** Sends one more numbered message that is retained, in place of the one before. */
	retain(): void;
	/** How many of those went out. */
	readonly retained: number;
	/** What it was told of each message of which it wanted a receipt, in its order. */
	readonly receipts: readonly string[];
	/** How many went out so far, by target; "" is all. */
	readonly sent: ReadonlyMap<string, number>;
	/** The numbers that came, by sender and by whether they came to all or to this one. */
	readonly got: ReadonlyMap<string, readonly number[]>;
	/** What broke a rule, in words. */
	readonly faults: readonly string[];
	/** Times that it was online, with what it was told. */
	readonly beginnings: ReadonlyArray<"new" | "resumed" | "lost">;
	readonly isOnline: boolean;
	/** Where it stands, in words. */
	readonly standing: string;
	readonly roster: readonly string[];
	dispose(): void;
}

/** Connects one. */
export function join(url: string, agentId: string): Participant {
	const sent = new Map<string, number>();
	const got = new Map<string, number[]>();
	const faults: string[] = [];
	const beginnings: ("new" | "resumed" | "lost")[] = [];
	const present = new Map<string, boolean>();
	const receipts: string[] = [];
	let retained = 0;
	const client = createMatrixClient({
		url,
		agentId,
		WebSocket,
		backoff: { min: 20, max: 200 },
		connectTimeout: 2_000,
		maxQueue: 100_000,
		onDropped: (_message, reason) => {
			// Told with the loss of a session, which the test itself looks for.
			if (reason !== "unconfirmed")
				faults.push(`${agentId} had to drop a message: ${reason}`);
		},
	});

	client.onState((state) => {
		if (state.status === "refused")
			faults.push(`${agentId} was refused: ${state.reason}`);
		if (state.status !== "online") return;
		const beginning =
			state.resumed === undefined ? "new" : state.resumed ? "resumed" : "lost";
		beginnings.push(beginning);
		if (beginning === "resumed") return;
		got.clear();
		present.clear();
		for (const name of client.agents.keys()) present.set(name, true);
	});
	client.on("numbered", (message) => {
		const from = `${message.agentId} ${message.target_id ? "directed" : "broadcast"}`;
		const numbers = got.get(from) ?? [];
		got.set(from, numbers);
		const last = numbers.at(-1);
		if (last !== undefined && message.n !== last + 1)
			faults.push(`${agentId} got ${message.n} after ${last} of ${from}`);
		numbers.push(message.n as number);
	});
	client.on("gateway_receipt", ({ id, status }) => {
		const index = Number(id.slice(1));
		receipts[index] = [receipts[index], status].filter(Boolean).join(" ");
	});
	const presence = (name: string, isThere: boolean) => {
		if (name !== agentId && (present.get(name) ?? false) === isThere)
			faults.push(`${agentId} saw ${name} ${isThere ? "join" : "leave"} twice`);
		present.set(name, isThere);
	};
	client.on("agent_joined", (message) => presence(message.agentId, true));
	client.on("agent_left", (message) => presence(message.agentId, false));

	function nextTo(target: string) {
		const n = sent.get(target) ?? 0;
		sent.set(target, n + 1);
		return { type: "numbered", agentId, n };
	}

	return {
		...{ agentId, sent, got, faults, beginnings, receipts },
		speak(target = "") {
			const message = nextTo(target);
			client.send(target ? { ...message, target_id: target } : message);
		},
		ask(target) {
			const receipt = `r${receipts.push("") - 1}`;
			client.send({ ...nextTo(target), target_id: target, receipt });
		},
		retain() {
			const retain = { key: agentId };
			client.send({ type: "kept", agentId, n: retained++, retain });
		},
		get retained() {
			return retained;
		},
		get isOnline() {
			return client.state.status === "online";
		},
		get standing() {
			return `${agentId}: ${JSON.stringify(client.state)} after ${beginnings.length} beginnings`;
		},
		get roster() {
			return [...client.agents.keys()].sort();
		},
		dispose: () => client.dispose(),
	};
}
