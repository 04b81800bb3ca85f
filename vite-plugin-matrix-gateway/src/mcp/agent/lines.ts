/** What has changed, a line each, and of a bounded length whatever its sender has written. */

import type { MatrixMessage } from "../../client/messages.ts";
import { nameOf, textOf } from "./classify.ts";
import {
	type Body,
	type Place,
	readBody,
	readPlace,
	readThing,
	type Thing,
} from "./read.ts";

export function lineOf(message: MatrixMessage): string {
	const { type } = message;
	const name = nameOf(message);
	if (type === "agent_joined")
		return `${name} (${textOf(message.role).slice(0, 64)}) came`;
	if (type === "agent_left") return `${name} left`;
	if (type === "agent_move")
		return `${name} goes to ${placeText(readPlace(message.position))}`;
	if (type === "agent_state" || type === "agent_behavior")
		return `${name}: ${bodyText(readBody(message))}`;
	return `${type.slice(0, 64)} ${thingText(textOf(message.id), readThing(message))}`.trim();
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
