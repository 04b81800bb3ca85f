#!/usr/bin/env node
/**
 * A small agent for Node: it walks about, barks, and answers what it is asked.
 *
 *   node agents/node-agent.mjs --url ws://localhost:5173/ws/matrix --agent-id node-agent
 */
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
import { WebSocket } from "ws";

const { values } = parseArgs({
	options: {
		url: { type: "string", default: "ws://localhost:5173/ws/matrix" },
		token: { type: "string" },
		"agent-id": { type: "string", default: "node-agent" },
	},
});
const { url, token, "agent-id": agentId } = values;

const stopping = new AbortController();
const { signal } = stopping;
for (const name of ["SIGINT", "SIGTERM"])
	process.once(name, () => stopping.abort());

// Node has a WebSocket of its own only from version 22 on, so the client is handed one.
const client = createMatrixClient({
	url,
	token,
	agentId,
	role: "agent",
	WebSocket,
	signal,
});

client.onState((state) => {
	console.log(state.status, state.reason ?? "");
	if (state.status === "online")
		client.send({ type: "agent_state", agentId, state: "active" });
	// Refused is for good: whoever started this has to change something first.
	if (state.status !== "refused") return;
	process.exitCode = 1;
	stopping.abort();
});

client.on("agent_message", (message) => {
	if (message.target_id !== agentId) return;
	const text = "I am a few lines of Node, and glad to be here.";
	bark(text);
	if (message.reply_to)
		client.reply(message, { type: "agent_message", agentId, text });
});

try {
	for (let step = 0; ; step++) {
		if (client.state.status === "online") walk(step);
		await wait(6_000, undefined, { signal });
	}
} catch (error) {
	if (!signal.aborted) throw error;
}

function walk(step) {
	const angle = step * 0.9;
	const position = { x: Math.sin(angle) * 5, y: 0, z: Math.cos(angle) * 5 };
	client.send({ type: "agent_move", agentId, position, speed: 1.2 });
	if (step % 2 === 0) bark(`Round ${1 + step / 2}. Still here.`);
}

function bark(text) {
	client.send({ type: "bark", agentId, text, emotion: "calm" });
}
