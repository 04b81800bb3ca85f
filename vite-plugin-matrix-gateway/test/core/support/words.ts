/** Messages in the model's words, and what an observer makes of them. */
import type { Message } from "./client.ts";

interface Named {
	readonly agentId: string;
	readonly role: string;
}

/** One message in words; a roster's order does not matter. */
export function inWords(message: Message): string {
	const { agentId, role, reason, code } = message;
	const name = `${agentId}:${role}`;
	switch (message.type) {
		case "gateway_hello":
			return `hello ${rosterOf(message)}`;
		case "agent_registered":
			return `ack ${name} ${rosterOf(message)}`;
		case "agent_joined":
			return `joined ${name}`;
		case "agent_left":
			return `left ${name} ${reason}`;
		case "gateway_replaced":
			return `replaced ${agentId}`;
		case "gateway_error":
			return ["error", code, message.target_id].filter(Boolean).join(" ");
		default:
			return message.type;
	}
}

function rosterOf({ agents }: Message): string[] {
	return (agents as Named[])
		.map(({ agentId, role }) => `${agentId}:${role}`)
		.sort();
}

/**
 * Plays one observer's stream through: its first greeting's roster, then joined and left.
 * Throws where these do not alternate. Answers who is present at the end.
 */
export function replayPresence(messages: readonly Message[]): string[] {
	const present = new Map<string, string>();
	// Its own names: present from the ack on, whose roster leaves them out. A joined follows
	// where the name was free; a left and a joined where it was someone's in another role.
	const own = new Map<string, string>();
	const [greeting] = messages;
	for (const { agentId, role } of (greeting?.agents ?? []) as Named[])
		present.set(agentId, role);
	for (const message of messages) play(message);
	return [...own, ...present].map(([name, role]) => `${name}:${role}`).sort();

	function play(message: Message): void {
		const { agentId, role } = message as unknown as Named;
		if (message.type === "agent_registered" && !present.has(agentId))
			own.set(agentId, role);
		if (message.type === "agent_joined") join(agentId, role);
		if (message.type === "agent_left") leave(agentId, role);
	}

	function join(agentId: string, role: string): void {
		if (present.has(agentId)) throw new Error(`${agentId} joined twice`);
		own.delete(agentId);
		present.set(agentId, role);
	}

	function leave(agentId: string, role: string): void {
		const was = present.get(agentId);
		if (!own.delete(agentId) && was !== role)
			throw new Error(`${agentId} left as ${role}, was ${was}`);
		present.delete(agentId);
	}
}
