/**
 * A hundred agents, in a process of their own: they move, speak, change, plant and remove, each at a steady rate, and
 * now and then one leaves and another comes. Each name and each object is a new one, so that what a page keeps of what
 * is gone adds up. Told a number on its channel, it says so many messages a second.
 *
 * node scripts/pages/crowd.mjs <url>
 */
import { once } from "node:events";
import { setInterval } from "node:timers";
import { WebSocket } from "ws";

const AGENTS = 100;
/** Objects of one agent that stand at a time. */
const MOST = 5;
/** Milliseconds between two turns, two who come, and two clearings. */
const TURN = 50;
const COMING = 5_000;
const CLEARING = 60_000;

const [url] = process.argv.slice(2);
const agents = [];
let number = 0;
let turn = 0;
let rate = 0;
let due = 0;

for (let index = 0; index < AGENTS; index++) agents.push(await join());
process.on("message", (next) => {
	rate = next;
});
setInterval(act, TURN);
setInterval(renew, COMING);
setInterval(clear, CLEARING);
process.send("ready");

async function join() {
	const agentId = `agent-${number++}`;
	const socket = new WebSocket(url);
	// An answer is heard by nobody here.
	socket.on("message", () => {});
	await once(socket, "open");
	const agent = {
		...{ agentId, planted: [], turn: number },
		say(message) {
			socket.send(JSON.stringify({ agentId, ...message }));
		},
		leave: () => socket.close(),
	};
	agent.say({ type: "agent_register", role: "agent" });
	return agent;
}

function act() {
	due = Math.min(due + (rate * TURN) / 1_000, rate);
	for (; due >= 1; due--) {
		const agent = agents[turn++ % agents.length];
		const deed = DEEDS[agent.turn++ % DEEDS.length];
		deed(agent);
	}
}

async function renew() {
	const next = await join();
	agents.shift()?.leave();
	agents.push(next);
}

function clear() {
	agents[0].say({ type: "scene_clear" });
	for (const agent of agents) agent.planted.length = 0;
}

function place() {
	const far = 3 + (turn % 160) / 10;
	return { x: Math.sin(turn) * far, z: Math.cos(turn) * far };
}

function other({ agentId }) {
	const found = agents[(turn * 7) % agents.length];
	return found.agentId === agentId ? agents[0] : found;
}

function plant(agent) {
	const id = `${agent.agentId}/${turn}`;
	agent.planted.push(id);
	agent.say({
		...{ type: "scene_add", id, position: place(), scale: 0.4 },
		kind: ["box", "cone", "sphere", "cylinder", "fountain"][turn % 5],
		label: turn % 3 === 0 ? `Number ${turn}` : "",
	});
}

function remove(agent) {
	if (agent.planted.length < MOST) plant(agent);
	else agent.say({ type: "scene_remove", id: agent.planted.shift() });
}

function go(agent) {
	agent.say({ type: "agent_move", position: place() });
}

function rename(agent) {
	const state = ["idle", "working", "waiting", "thinking"][turn % 4];
	agent.say({ type: "agent_state", state, current_task: `task ${turn}` });
}

const DEEDS = [
	go,
	(agent) => agent.say({ type: "bark", text: `Turn ${turn} it is` }),
	plant,
	rename,
	(agent) => agent.say({ type: "chat_message", text: `Word ${turn}` }),
	remove,
	go,
	(agent) =>
		agent.say({
			...{ type: "agent_message", target_id: other(agent).agentId },
			...{ text: `Between us: ${turn}`, reply_to: `q-${turn}` },
		}),
	(agent) =>
		agent.say({ type: "agent_behavior", behavior: "ponder", duration: 3 }),
	(agent) => agent.say({ type: "chat_message", text: `Said ${turn}` }),
	plant,
	remove,
	(agent) => {
		const id = `zone-${turn}`;
		const label = `Zone ${turn}`;
		agent.say({ type: "zone_add", id, position: place(), label });
		agent.say({ type: "zone_remove", id });
	},
	(agent) =>
		agent.say({
			...{ type: "task_update", task_id: `t${turn}`, title: `Task ${turn}` },
			status: "done",
		}),
	(agent) =>
		agent.say({
			...{ type: "payment_flow", from: agent.agentId },
			...{ to: other(agent).agentId, amount: turn, unit: "sat" },
		}),
	remove,
	(agent) => agent.say({ type: `unheard-of-${turn % 50}`, turn }),
	(agent) => agent.say({ type: "system_status", text: `Well at ${turn}` }),
];
