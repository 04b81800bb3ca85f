import { type Message, readId, readText } from "./values.ts";

/** What the world is called while nobody has named one. */
const UNNAMED = "The Matrix";

const MAX_WORLDS = 32;

/** The name on the title plate: that of the world loaded last, else of the one whose registration is the oldest. */
export interface Title {
	readonly text: string;
	/** Applies a message about worlds; returns whether it is one. */
	apply(message: Message): boolean;
	restart(): void;
}

export function createTitle(): Title {
	const names = new Map<string, string>();
	let loaded = "";
	return {
		get text() {
			return names.get(loaded) ?? [...names.values()][0] ?? UNNAMED;
		},
		apply(message) {
			const id = readId(message.id) ?? "";
			if (message.type === "world_register") register(names, id, message);
			else if (message.type === "world_load") loaded = id;
			else if (message.type === "world_unregister") names.delete(id);
			else return false;
			return true;
		},
		restart() {
			names.clear();
			loaded = "";
		},
	};
}

function register(names: Map<string, string>, id: string, message: Message) {
	if (id === "" || (!names.has(id) && names.size >= MAX_WORLDS)) return;
	// To the end, in the order of the gateway's retained messages: for a late page the same one is the oldest.
	names.delete(id);
	names.set(id, readText(message.name, 40) ?? id.slice(0, 40));
}
