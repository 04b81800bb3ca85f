import { objectColor } from "./palette.ts";
import {
	type Message,
	type Position,
	readColor,
	readId,
	readNumber,
	readPosition,
	readText,
} from "./values.ts";

/** A named disc on the ground. Replaced, never changed, as objects are. */
export interface Zone {
	readonly id: string;
	readonly position: Position;
	/** Metres. */
	readonly radius: number;
	readonly color: string;
	readonly label: string;
}

export const MAX_ZONES = 50;

export interface Zones {
	readonly all: ReadonlyMap<string, Zone>;
	/** Applies a message about zones; returns whether it is one. */
	apply(message: Message): boolean;
	restart(): void;
}

export function createZones(): Zones {
	const all = new Map<string, Zone>();
	return {
		all,
		apply(message) {
			if (message.type === "zone_add") add(all, message);
			else if (message.type === "zone_remove")
				all.delete(readId(message.id) ?? "");
			else return false;
			return true;
		},
		restart: () => all.clear(),
	};
}

function add(all: Map<string, Zone>, message: Message) {
	const id = readId(message.id);
	if (id === undefined || (!all.has(id) && all.size >= MAX_ZONES)) return;
	const zone = readZone(id, message);
	if (JSON.stringify(all.get(id)) !== JSON.stringify(zone)) all.set(id, zone);
}

function readZone(id: string, message: Message): Zone {
	const { position, radius, color, label } = message;
	return {
		id,
		position: readPosition(position) ?? { x: 0, y: 0, z: 0 },
		radius: readNumber(radius, 0.2, 30) ?? 2,
		color: readColor(color) ?? objectColor(id),
		label: readText(label, 40) ?? "",
	};
}
