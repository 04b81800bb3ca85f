import { readPayment } from "./payments.ts";
import { type Message, readAgentId, readText } from "./values.ts";

/** What happened, in words. */
export interface Line {
	readonly kind:
		| "presence"
		| "speech"
		| "message"
		| "visitor"
		| "task"
		| "payment"
		| "system"
		| "world";
	/** An agent's id, or whoever it was. */
	readonly who: string;
	readonly text: string;
}

const TEXT_LIMIT = 280;

/** A message in words; undefined for those whose effect is seen in the world itself. */
export function describe(message: Message): Line | undefined {
	return WORDS.get(message.type)?.(message);
}

type Words = (message: Message) => Line | undefined;

const WORDS: ReadonlyMap<unknown, Words> = new Map<unknown, Words>([
	["agent_joined", (message) => presence(message, "joined")],
	["agent_left", (message) => presence(message, "left")],
	["bark", (message) => said(message, "speech")],
	["chat_message", (message) => said(message, "message")],
	["agent_message", (message) => said(message, "message")],
	["visitor_message", visitor],
	["task_created", (message) => task(message, "New task")],
	["task_update", (message) => task(message, "Task")],
	["task_action", (message) => task(message, "Task")],
	["payment_flow", payment],
	["system_status", status],
	["scene_clear", () => line("world", "World", "the scene was cleared")],
	["world_load", (message) => world(message, "loaded")],
	["world_unregister", (message) => world(message, "closed")],
]);

function line(kind: Line["kind"], who: string, text: string): Line {
	return { kind, who, text };
}

function name(message: Message): string {
	return readText(readAgentId(message), 128) ?? "someone";
}

function presence(message: Message, what: string): Line {
	return line("presence", name(message), what);
}

function said(message: Message, kind: Line["kind"]): Line | undefined {
	const text = readText(message.text, TEXT_LIMIT);
	return text === undefined ? undefined : line(kind, name(message), text);
}

function visitor(message: Message): Line | undefined {
	const text = readText(message.text, TEXT_LIMIT);
	const who = readText(message.name, 40) ?? "visitor";
	return text === undefined ? undefined : line("visitor", who, text);
}

function task(message: Message, what: string): Line {
	const { title, task_id, status, action } = message;
	const subject = readText(title, 80) ?? readText(task_id, 80) ?? "";
	const outcome = readText(action, 24) ?? readText(status, 24);
	const text = [`${what}: ${subject}`, outcome].filter(Boolean).join(" · ");
	return line("task", name(message), text);
}

function payment(message: Message): Line | undefined {
	const payment = readPayment(message, 0);
	if (!payment) return undefined;
	const { from, to, amount, unit } = payment;
	const text = `paid ${amount} ${unit} to ${readText(to, 40)}`;
	return line("payment", readText(from, 128) ?? "someone", text);
}

function status(message: Message): Line {
	const { status, text } = message;
	const words = [readText(status, 24), readText(text, TEXT_LIMIT)];
	return line("system", "System", words.filter(Boolean).join(" · "));
}

function world(message: Message, what: string): Line {
	return line("world", "World", `${readText(message.id, 40)} ${what}`);
}
