/** An agent on the package's own client, with a session: it records all that it says and hears. */
import { WebSocket } from "ws";
import { createMatrixClient } from "../../../src/client/index.ts";
import {
	type Kept,
	type Said,
	type Segment,
	type Speaker,
	toSegments,
} from "./records.ts";

export interface Agent extends Speaker {
	/** Sends one more numbered message, to all or to one. */
	speak(target?: string): void;
	/** The same to one, of which it wants a receipt. */
	ask(target: string): void;
	/** Has one more message retained, in place of the one before. These have numbers of their own. */
	retain(): void;
	/** How many those are. */
	readonly retained: number;
	segments(): Segment[];
	/** Times that it was online, with what it was told. */
	readonly beginnings: readonly ("new" | "resumed" | "lost")[];
	/** Why it will not come back, if so. */
	readonly refused: string | undefined;
	readonly isOnline: boolean;
	/** Where it stands, in words. */
	readonly standing: string;
	readonly roster: readonly string[];
	/** Leaves for good, and is told of as gone. */
	dispose(): void;
}

/** Connects one. */
export function createAgent(url: string, name: string): Agent {
	const said: Said[] = [];
	const givenUp = new Set<number>();
	const receipts: string[] = [];
	const kept: Kept[] = [];
	const beginnings: ("new" | "resumed" | "lost")[] = [];
	let saidAtLoss = 0;
	let refused: string | undefined;
	let retained = 0;

	const client = createMatrixClient({
		url,
		agentId: name,
		WebSocket,
		backoff: { min: 20, max: 200 },
		connectTimeout: 2_000,
		maxQueue: 100_000,
		onDropped: (message) => {
			if ("at" in message) givenUp.add(Number(message.at));
		},
	});

	client.onState((state) => {
		if (state.status === "refused") refused = state.reason;
		if (state.status !== "online") return;
		const beginning =
			state.resumed === undefined ? "new" : state.resumed ? "resumed" : "lost";
		beginnings.push(beginning);
		if (beginning === "resumed") return;
		if (beginning === "lost") saidAtLoss = said.length;
		kept.push({ roster: [...client.agents.keys()], heard: [], presence: [] });
	});
	client.on("numbered", ({ agentId, at, target_id: to }) => {
		const message = { from: agentId as string, at: at as number };
		kept.at(-1)?.heard.push(to ? { ...message, to: to as string } : message);
	});
	client.on("gateway_receipt", ({ id, status }) => {
		const index = Number(id.slice(1));
		receipts[index] = [receipts[index], status].filter(Boolean).join(" ");
	});
	const presence = (agentId: string, isThere: boolean) => {
		// The client's roster has its own agent from the start.
		if (agentId !== name) kept.at(-1)?.presence.push({ agentId, isThere });
	};
	client.on("agent_joined", ({ agentId }) => presence(agentId, true));
	client.on("agent_left", ({ agentId }) => presence(agentId, false));

	function next(to?: string) {
		const at = said.length;
		said.push(to ? { from: name, at, to } : { from: name, at });
		const message = { type: "numbered", agentId: name, at };
		return to ? { ...message, target_id: to } : message;
	}

	return {
		...{ name, said, givenUp, receipts, beginnings },
		get saidAtLoss() {
			return saidAtLoss;
		},
		get retained() {
			return retained;
		},
		get refused() {
			return refused;
		},
		speak: (target) => void client.send(next(target)),
		ask(target) {
			const receipt = `r${receipts.push("") - 1}`;
			client.send({ ...next(target), receipt });
		},
		retain() {
			const retain = { key: name };
			client.send({ type: "kept", agentId: name, n: retained++, retain });
		},
		segments: () => toSegments(name, kept),
		get isOnline() {
			return client.state.status === "online";
		},
		get standing() {
			return `${name}: ${JSON.stringify(client.state)} after ${beginnings.length} beginnings`;
		},
		get roster() {
			return [...client.agents.keys()].sort();
		},
		dispose: () => client.dispose(),
	};
}
