/**
 * Whether those who wait for their clients may still: what their tokens allow may have changed while no
 * gateway of theirs was there to be told [AUTH5].
 */
import { covers } from "../protocol/coverage.ts";
import type { Grant } from "../protocol/grant.ts";
import { isOnList } from "../protocol/names.ts";
import type { Disconnect, NodeId } from "../world/command.ts";
import type { Peer } from "../world/peer.ts";
import type { WorldState } from "../world/state.ts";
import type { Host } from "./host.ts";

/** What the token of a key allows now. */
export type FindGrant = (key: string) => Grant | undefined;

export interface WaitingReview {
	/** One more source of tokens; undefined for one that cannot tell which keys are not its own. */
	know(find: FindGrant | undefined): void;
	/** This node takes part. */
	begin(): void;
	/** Others may have gone. */
	look(): void;
}

export interface ReviewParts {
	readonly host: Host;
	readonly worldName: string;
	readonly world: () => WorldState;
	append(command: Disconnect): void;
}

/** Milliseconds in which a host has told of all of its sources. */
const TELLING = 500;

/**
 * Only of those whose node has gone: the others' nodes are told of each change themselves. And nobody
 * is ended by another's key: where several nodes have different tokens, that would end who is there.
 */
export function createWaitingReview(parts: ReviewParts): WaitingReview {
	const { host, worldName, append } = parts;
	const finds: FindGrant[] = [];
	let canTell = true;
	let hasBegun = false;
	let isTold = false;
	let reviewed = "";

	function review(): void {
		if (!canTell || !hasBegun || !isTold) return;
		const { peers, members } = parts.world();
		reviewed = members.all().join();
		const isGone = (node: NodeId) => members.sequenceOf(node) === undefined;
		const ended = [...peers.values()].filter(
			(peer) =>
				peer.state === "detached" && isGone(peer.node) && !mayWait(peer),
		);
		for (const { conn } of ended)
			append({ type: "disconnect", conn, agentId: undefined });
	}

	/** Who came without a token lives by none. */
	function mayWait({ key, agents }: Peer): boolean {
		if (key === undefined) return true;
		return finds.some((find) => {
			const grant = find(key);
			return (
				grant && isOnList(grant.worlds, worldName) && covers(grant, agents)
			);
		});
	}

	return {
		know(find) {
			if (find) finds.push(find);
			else canTell = false;
			if (finds.length !== 1 || !canTell) return;
			host.setTimer(() => {
				isTold = true;
				review();
			}, TELLING);
		},
		begin() {
			hasBegun = true;
			// What this node replaces is not away yet.
			host.defer(review);
		},
		look() {
			if (isTold && parts.world().members.all().join() !== reviewed) review();
		},
	};
}
