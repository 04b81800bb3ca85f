/** A message to one agent [RT2], and what its sender is told of it [RCPT]. */
import { BROWSER_ROLE } from "../protocol/protocol.ts";
import { type Refusal, withReceipt } from "../protocol/refusal.ts";
import type { Send } from "./command.ts";
import { give, sendReceipt } from "./deliver.ts";
import { refusalOf } from "./may-route.ts";
import { NO_AGENTS, namesOf, type Peer, type Receipt } from "./peer.ts";
import { countMessage, isHeard, refuse } from "./refuse.ts";
import type { WorldState } from "./state.ts";

export function applySend(state: WorldState, command: Send): void {
	const peer = state.peers.get(command.conn);
	if (!isHeard(peer)) return;
	countMessage(peer);
	const refusal = refusalOf(state, peer, command);
	if (refusal) refuse(state, command, withReceipt(refusal, command.receipt));
	else deliver(state, command, peer);
}

function deliver(
	state: WorldState,
	command: Send,
	peer: Peer | undefined,
): void {
	const { target, frame, messageType } = command;
	const receipt = receiptOf(command, peer);
	const to = state.registry.get(target)?.peer;
	if (!to) {
		tellOffline(state, command, receipt);
		return;
	}
	if (to.audience.filter?.allows(messageType) === false) {
		tellUnsent(state, command);
		return;
	}
	state.counts.directed++;
	const waits = to.state !== "online";
	// Before it is queued: where there is no room for it, it is dropped at once [RCPT2].
	if (receipt) sendReceipt(state, receipt, waits ? "queued" : "delivered");
	give(state, to, frame, waits ? receipt : undefined);
	if (command.isMirrored) mirror(state, command, peer, to);
}

function receiptOf(
	{ conn, target, receipt: id }: Send,
	peer: Peer | undefined,
): Receipt | undefined {
	return id === undefined
		? undefined
		: { id, target, conn, session: peer?.session };
}

function tellOffline(
	state: WorldState,
	command: Send,
	receipt: Receipt | undefined,
): void {
	state.counts.undeliverable++;
	if (receipt) sendReceipt(state, receipt, "offline");
	else
		refuse(state, command, {
			code: "target_offline",
			message: "no agent of this name is here",
			target_id: command.target,
		});
}

/** The target may not be sent it, and would never read it: rather an error than a silence. */
function tellUnsent(state: WorldState, command: Send): void {
	state.counts.undeliverable++;
	const { target: target_id, receipt } = command;
	const refusal = { ...NOT_SENT, target_id };
	refuse(state, command, withReceipt(refusal, receipt));
}

const NOT_SENT: Refusal = {
	code: "forbidden",
	message: "the target's token does not let it be sent messages of this type",
};

/** Viewers, and the agents whose role says so, those that may come back included [RT2, RES2]. */
function mirror(
	state: WorldState,
	{ conn, frame, messageType }: Send,
	sender: Peer | undefined,
	target: Peer,
): void {
	const browsers = new Set<Peer>();
	const from = sender?.agents ?? NO_AGENTS;
	for (const { role, peer } of state.registry.all())
		if (role === BROWSER_ROLE) browsers.add(peer);
	const names = namesOf(from);
	for (const browser of browsers)
		if (
			browser !== sender &&
			browser !== target &&
			browser.audience.filter?.passes(messageType, names) !== false
		)
			give(state, browser, frame);
	state.effects.mirror(frame, conn, messageType, from);
}
