/** Nodes that come, say that they go, go, and vanish [ORD5]. */
import type { Drain, Entry, Gone, NodeId, Replaced, Up } from "./command.ts";
import { tell } from "./deliver.ts";
import { awaitAll, detachNode, endAll } from "./detach.ts";
import { doubtAll } from "./doubt.ts";
import type { EndReason } from "./effects.ts";
import {
	changeOptions,
	differingOption,
	type WorldOptions,
} from "./options.ts";
import type { WorldState } from "./state.ts";

/**
 * Whether an entry takes a node out whose last one has this number, as one that was silent for too long. It may
 * say so of one that will change nothing, as of an `up` that is refused; a node that ends for it comes back.
 */
export function isFencing(
	{ node: author, commands }: Entry,
	node: NodeId,
	sequence: number,
): boolean {
	return commands.some((command) => {
		if (command.type === "gone")
			return command.node === node && command.seen >= sequence;
		if (command.type === "up" && author !== node)
			return isOf(command.replaces, node);
		return false;
	});
}

export const FENCED: EndReason = {
	code: "fenced",
	message: "it was silent for so long that the others went on without it",
};

export function applyUp(
	state: WorldState,
	{ options, replaces }: Up,
	node: NodeId,
): void {
	const { members, effects } = state;
	const isGone = (other: NodeId) => other !== node && isOf(replaces, other);
	const others = members.all().filter((other) => other !== node);
	const name = options && differingOption(state.options, options);
	if (name && !others.every(isGone)) {
		members.remove(node);
		effects.ended(node, otherOptions(name, state.options, options));
		return;
	}
	// One that only slept sees nothing of what follows.
	for (const other of others.filter(isGone)) effects.ended(other, FENCED);
	if (name) adopt(state, options);
	members.add(node);
	state.timelines.begin(node, state.log.position);
	effects.began(node);
	if (replaces) replaceNodes(state, isGone);
	doubtAll(state);
}

function isOf(replaced: Replaced | undefined, node: NodeId): boolean {
	return replaced === "all" || (replaced?.includes(node) ?? false);
}

function otherOptions(
	name: keyof WorldOptions,
	theirs: WorldOptions,
	own: WorldOptions,
): EndReason {
	const message = `all nodes of a world need the same options: ${name} is ${own[name]} here, and ${theirs[name]} for those that are there`;
	return { code: "options", message };
}

/** Nobody else is there whom they have to suit. What they leave no room for goes. */
function adopt({ options, log, retained }: WorldState, given: WorldOptions) {
	changeOptions(options, given);
	log.restore(log.cut(0));
	retained.restore(retained.cut());
}

/** A node tells its connections that it goes [SH1]. */
export function applyDrain(
	state: WorldState,
	{ frame, isFinal }: Drain,
	node: NodeId,
): void {
	for (const peer of state.peers.values())
		if (peer.node === node && peer.state === "online")
			tell(state, peer.conn, frame);
	if (isFinal) state.members.drain(node);
	state.effects.drained(node);
}

export function applyDown(state: WorldState, node: NodeId): void {
	removeNode(state, node);
}

export function applyGone(state: WorldState, { node, seen }: Gone): void {
	const sequence = state.members.sequenceOf(node);
	if (sequence === undefined || sequence > seen) return;
	// First: its clients, who come back, are to see nothing of what it does to them.
	state.effects.ended(node, FENCED);
	removeNode(state, node);
}

/** They have ended without a word, and were told of nothing that is not known here. */
function replaceNodes(
	state: WorldState,
	isGone: (node: NodeId) => boolean,
): void {
	awaitAll(state, isGone);
	for (const node of state.members.all())
		if (isGone(node)) state.members.remove(node);
	if (state.sessions.firstDue() !== undefined) state.effects.waiting();
}

function removeNode(state: WorldState, node: NodeId): void {
	detachNode(state, node);
	if (state.members.isLastToGo(node)) endAll(state);
	state.members.remove(node);
	// Its ticks may have been those that count.
	if (state.sessions.firstDue() !== undefined) state.effects.waiting();
}
