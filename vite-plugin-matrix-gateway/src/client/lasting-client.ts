import { createChecks } from "./checks.ts";
import { type ClientState, toTrying } from "./client-state.ts";
import { createConnector } from "./connector.ts";
import { replaceBefore } from "./hot-update.ts";
import { createInterestKeeper, SUBSCRIBE } from "./interest.ts";
import { createListeners } from "./listeners.ts";
import type { MatrixClient } from "./matrix-client.ts";
import type { OutgoingMessage } from "./messages.ts";
import { type MatrixClientOptions, toSettings } from "./options.ts";
import { createOutbox, type KeptOutbox } from "./outbox.ts";
import { readPresent, readReceived } from "./read-message.ts";
import { toReply } from "./reply.ts";
import { createRequests, toAnswered } from "./requests.ts";
import { createRoster } from "./roster.ts";
import { createSession } from "./session.ts";
import { createSessionKeeper, type Kept } from "./session-keeper.ts";
import { createSubscriptions } from "./subscriptions.ts";

/** A client whose session another one, which is made later, may go on with. */
export interface LastingClient {
	readonly client: MatrixClient;
	/**
	 * Disposes of the client, but ends no session and gives up no message: all that is left is the
	 * next one's, which is made of it.
	 */
	handOver(): Kept;
}

/** @param kept What the client before it has handed over. */
export function createLastingClient(
	options: MatrixClientOptions,
	kept?: Kept,
): LastingClient {
	const settings = toSettings(options);
	const checks = createChecks(settings.schema, settings.onInvalid);
	// First of all: this client may take the name, or what was kept, of one that is disposed of here.
	const forget = replaceBefore(settings.hot, dispose);
	const subscriptions = createSubscriptions();
	const states = createListeners<ClientState>();
	const roster = createRoster();
	const outbox = createOutbox(
		settings.maxQueue,
		(message, reason) => {
			// The client's own: the next connection begins with what it asked for.
			if (message.type !== SUBSCRIBE) settings.onDropped(message, reason);
		},
		settings.clock,
	);
	const requests = createRequests(
		{ send, withdraw: outbox.withdraw },
		settings.agent?.agentId,
		settings.clock,
	);
	const interest = createInterestKeeper(
		settings.subscribe,
		settings.agent !== undefined,
		outbox,
		settings.clock,
	);
	const session = createSession(settings.resume, outbox.mayHave);
	// Before the connector, whose first message depends on what was kept.
	const keeper = createSessionKeeper(settings.keepAs, {
		save,
		restore,
		replace(kept) {
			if (kept?.session !== session.token) session.lose();
			outbox.restore(kept ?? NOTHING);
		},
	});
	if (kept) restore(kept);
	let state = toTrying(session);
	let connectionId: string | undefined;

	const connector = createConnector(settings, session, interest, {
		state(next) {
			state = next;
			if (next.status === "refused") close("refused", next.reason);
			states.notify(next);
		},
		ready(connection, answer, beginning) {
			const isResumed = beginning === "resumed";
			connectionId = answer.connectionId;
			if (!isResumed) roster.reset(answer.present);
			if (!isResumed) interest.takeBack();
			outbox.connected(connection, {
				maxPayload: answer.maxPayload,
				isCounting: session.token !== undefined,
				received: isResumed ? answer.received : undefined,
			});
			interest.ready(beginning, answer.subscribe);
		},
		message(message) {
			const { type } = message;
			if (type === "pong") outbox.confirm(readReceived(message));
			// A slow agent becomes a viewer first: presence continues from this roster [REG4].
			if (settings.agent && type === "gateway_hello")
				roster.reset(readPresent(message));
			roster.apply(message);
			const checked = checks.incoming(message);
			const name = toAnswered(message);
			if (name !== undefined) {
				outbox.answered(name);
				if (checked) requests.handle(name, checked);
				else requests.invalid(name);
			}
			interest.handle(message);
			if (checked) subscriptions.emit(checked);
			keeper.changed();
		},
		lost() {
			connectionId = undefined;
			interest.lost();
			outbox.disconnected();
		},
	});

	function send(message: OutgoingMessage): boolean {
		checks.outgoing(message);
		const isTaken = outbox.send(message);
		keeper.changed();
		return isTaken;
	}

	function save(): Kept {
		const agents = [...roster.agents.values()];
		return { ...session.save(), ...outbox.save(), agents };
	}

	function restore(kept: Kept): void {
		session.restore(kept);
		outbox.restore(kept);
		roster.reset(kept.agents);
	}

	function close(why: "refused" | "disposed", reason: string): void {
		settings.signal?.removeEventListener("abort", dispose);
		forget();
		keeper.stop();
		outbox.close(why);
		requests.close(why, reason);
		interest.close(why, reason);
	}

	function dispose(): void {
		// Before the connection is closed: what was sent arrives before the close frame.
		close("disposed", "the client was disposed of");
		connector.stop(1000);
	}

	function handOver(): Kept {
		const kept = save();
		outbox.restore(NOTHING);
		close("disposed", "another client goes on with the session");
		connector.stop();
		return kept;
	}

	settings.signal?.addEventListener("abort", dispose);
	if (settings.signal?.aborted) dispose();

	const client: MatrixClient = {
		get state() {
			return state;
		},
		get connectionId() {
			return connectionId;
		},
		agents: roster.agents,
		on: subscriptions.on as MatrixClient["on"],
		onState: states.add,
		onAgents: roster.changes.add,
		send,
		subscribe: interest.subscribe,
		sendTo: (target, message) => send({ ...message, target_id: target }),
		deliver: requests.deliver,
		request: requests.open,
		reply(message, body) {
			const answer = toReply(message, body);
			return answer !== undefined && send(answer);
		},
		reconnect: connector.reconnect,
		dispose,
		// Where there is no Symbol.dispose this is a harmless property "undefined".
		[Symbol.dispose]: dispose,
	};
	return { client, handOver };
}

const NOTHING: KeptOutbox = { confirmed: 0, sent: [], waiting: [] };
