import type { StandardSchema } from "../messages/standard-schema.ts";
import { createChecks } from "./checks.ts";
import { type ClientState, toTrying } from "./client-state.ts";
import { createConnector } from "./connector.ts";
import { replaceBefore } from "./hot-update.ts";
import { createInterestKeeper, SUBSCRIBE } from "./interest.ts";
import { createListeners } from "./listeners.ts";
import type { MatrixClient } from "./matrix-client.ts";
import type { HeardBy, OutgoingMessage, SaidBy } from "./messages.ts";
import { type MatrixClientOptions, toSettings } from "./options.ts";
import { createOutbox, type KeptOutbox } from "./outbox.ts";
import { readPresent, readReceived } from "./read-message.ts";
import { toReply } from "./reply.ts";
import { createRequests, toAnswered } from "./requests.ts";
import { createRoster } from "./roster.ts";
import { createSession } from "./session.ts";
import { createSessionKeeper } from "./session-keeper.ts";
import { createSubscriptions } from "./subscriptions.ts";

/**
 * Connects to a Matrix gateway, and keeps connecting: what you send meanwhile waits.
 *
 * With `agentId` the client registers as that agent; without, it is a viewer, which
 * sees and sends but cannot be addressed.
 *
 * @throws TypeError where `url` is no address of a WebSocket, `world` no name of a world, or where
 * there is no WebSocket.
 *
 * @example
 * import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
 *
 * const client = createMatrixClient({ url: "/ws/matrix", agentId: "timmy" });
 * client.on("agent_message", ({ agentId, text }) => console.log(agentId, text));
 * client.send({ type: "bark", agentId: "timmy", text: "Hello, world" });
 */
export function createMatrixClient<S extends StandardSchema>(
	options: MatrixClientOptions & { readonly schema: S },
): MatrixClient<HeardBy<S>, SaidBy<S>>;
export function createMatrixClient(options: MatrixClientOptions): MatrixClient;
export function createMatrixClient(options: MatrixClientOptions): MatrixClient {
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
		save: () => ({
			...session.save(),
			...outbox.save(),
			agents: [...roster.agents.values()],
		}),
		restore(kept) {
			session.restore(kept);
			outbox.restore(kept);
			roster.reset(kept.agents);
		},
		replace(kept) {
			if (kept?.session !== session.token) session.lose();
			outbox.restore(kept ?? NOTHING);
		},
	});
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
		connector.stop();
	}

	settings.signal?.addEventListener("abort", dispose);
	if (settings.signal?.aborted) dispose();

	return {
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
		dispose,
		// Where there is no Symbol.dispose this is a harmless property "undefined".
		[Symbol.dispose]: dispose,
	};
}

const NOTHING: KeptOutbox = { confirmed: 0, sent: [], waiting: [] };
