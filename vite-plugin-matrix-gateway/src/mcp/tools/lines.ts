/** What has changed, a line each. */
import { nameOf, textOf } from "../agent/classify.ts";
import type { Heard } from "../agent/heard.ts";
import {
	type Body,
	type Place,
	readBody,
	readPlace,
	readThing,
	type Thing,
} from "../agent/read.ts";

export function lineOf({ message }: Heard): string {
	const { type } = message;
	const name = nameOf(message);
	if (type === "agent_joined") return `${name} (${textOf(message.role)}) came`;
	if (type === "agent_left") return `${name} left`;
	if (type === "agent_move")
		return `${name} goes to ${placeText(readPlace(message.position))}`;
	if (type === "agent_state" || type === "agent_behavior")
		return `${name}: ${bodyText(readBody(message))}`;
	return `${type} ${thingText(textOf(message.id), readThing(message))}`.trim();
}

export function bodyText({ state, task, behavior }: Body): string {
	const now = [state, behavior].filter((word) => word !== undefined).join(", ");
	return task === undefined ? now : `${now || "busy"}, task ${task}`;
}

export function thingText(id: string, thing: Thing): string {
	const { kind, position, radius, label, color } = thing;
	return [
		id.slice(0, 128),
		kind,
		position && `at ${placeText(position)}`,
		radius !== undefined && `radius ${radius}`,
		color,
		label && JSON.stringify(label),
	]
		.filter((part) => part)
		.join(" ");
}

/** `x,z`, or `x,y,z` where it is not on the ground. */
export function placeText(place: Place | undefined): string {
	if (!place) return "nowhere";
	const { x, y, z } = place;
	return y === undefined ? `${x},${z}` : `${x},${y},${z}`;
}
