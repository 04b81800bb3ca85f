import type { MatrixClient } from "./api.ts";
import { createLink } from "./link.ts";
import { createListeners } from "./listeners.ts";
import { type MatrixClientOptions, toSettings } from "./options.ts";
import { createOutbox } from "./outbox.ts";
import { createRequests, toReply } from "./requests.ts";
import { createRoster } from "./roster.ts";
import type { ClientState } from "./state.ts";
import { createSubscriptions } from "./subscriptions.ts";

/**
 * Connects to a Matrix gateway, and keeps connecting: what you send meanwhile waits.
 *
 * With `agentId` the client registers as that agent; without, it is a viewer, which
 * sees and sends but cannot be addressed.
 *
 * @throws TypeError where `url` is no address of a WebSocket or where there is no WebSocket.
 *
 * @example
 * import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
 *
 * const client = createMatrixClient({ url: "/ws/matrix", agentId: "timmy" });
 * client.on("agent_message", ({ agentId, text }) => console.log(agentId, text));
 * client.send({ type: "bark", agentId: "timmy", text: "Hello, world" });
 */
export function createMatrixClient(options: MatrixClientOptions): MatrixClient {
	const settings = toSettings(options);
	const subscriptions = createSubscriptions();
	const states = createListeners<ClientState>();
	const roster = createRoster();
	const outbox = createOutbox(settings.maxQueue, settings.onDropped);
	const requests = createRequests(outbox, settings.agent?.agentId);
	let state: ClientState = { status: "connecting" };
	let connectionId: string | undefined;

	const link = createLink(settings, {
		state(next) {
			state = next;
			if (next.status === "refused") close("refused", next.reason);
			states.notify(next);
		},
		ready(connection, answer) {
			connectionId = answer.connectionId;
			roster.reset(answer);
			outbox.attach(connection.send, answer.maxPayload);
		},
		message(message) {
			roster.apply(message);
			requests.settle(message);
			subscriptions.emit(message);
		},
		lost() {
			connectionId = undefined;
		},
	});

	function close(why: "refused" | "disposed", reason: string): void {
		settings.signal?.removeEventListener("abort", dispose);
		outbox.close(why);
		requests.close(why, reason);
	}

	function dispose(): void {
		link.stop();
		close("disposed", "the client was disposed of");
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
		send: outbox.send,
		sendTo: (target, message) => outbox.send({ ...message, target_id: target }),
		request: requests.open,
		reply: (message, body) => outbox.send(toReply(message, body)),
		dispose,
		// Where there is no Symbol.dispose this is a property "undefined", which harms nobody.
		[Symbol.dispose]: dispose,
	};
}
