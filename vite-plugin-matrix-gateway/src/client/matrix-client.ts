import type { Interest } from "../core/protocol/protocol.ts";
import type { ClientState } from "./client-state.ts";
import type { Unsubscribe } from "./listeners.ts";
import type {
	Known,
	MatrixMessage,
	MatrixMessages,
	MessageOf,
	OutgoingMessage,
} from "./messages.ts";
import type { Answerable } from "./reply.ts";
import type { DeliveryStatus, RequestOptions } from "./requests.ts";
import type { Agents } from "./roster.ts";

declare global {
	// As the library esnext.disposable has them, which not every project names.
	interface SymbolConstructor {
		readonly dispose: unique symbol;
	}
	interface Disposable {
		[Symbol.dispose](): void;
	}
}

/**
 * A client of a Matrix gateway; `createMatrixClient` makes one. `Heard` and `Said` are the messages by
 * their types, which a schema says, and else those that are known.
 */
export interface MatrixClient<
	Heard extends object = MatrixMessages,
	Said extends object = MatrixMessages,
> extends Disposable {
	/** Where the client stands now. */
	readonly state: ClientState;

	/**
	 * Who is present now, by agentId, this client's own agent among them. The same map
	 * throughout; while there is no connection it holds those who were there last.
	 */
	readonly agents: Agents;

	/** The gateway's name for the connection; undefined while there is none. */
	readonly connectionId: string | undefined;

	/**
	 * Calls `listener` with each message of a type, whoever sent it, the gateway's own
	 * included; with each message at all for `"*"`, the `pong`s to the client's own pings
	 * among them. What a listener throws is reported as an uncaught error and keeps
	 * nothing from the others.
	 *
	 * @returns what takes the listener off again.
	 *
	 * @example
	 * const stop = client.on("agent_move", ({ agentId, position }) => {
	 *   console.log(agentId, "is at", position.x, position.z);
	 * });
	 * client.on("gateway_error", ({ code, message }) => console.warn(code, message));
	 * client.on("*", (message) => console.debug(message));
	 * stop();
	 */
	on<T extends keyof Heard & string>(
		type: T,
		listener: (message: MessageOf<T, Heard>) => void,
	): Unsubscribe;
	on(type: string, listener: (message: MatrixMessage) => void): Unsubscribe;

	/**
	 * Calls `listener` with each state that follows.
	 *
	 * @returns what takes the listener off again.
	 *
	 * @example
	 * client.onState((state) => {
	 *   if (state.status === "offline") console.log(state.reason, state.retryIn);
	 * });
	 */
	onState(listener: (state: ClientState) => void): Unsubscribe;

	/**
	 * Calls `listener` with `agents` whenever someone has come or gone. It is called too
	 * after a new start, which shows in no `agent_joined` and `agent_left`; where a
	 * session is resumed, those tell what has changed, and nothing else does.
	 *
	 * @returns what takes the listener off again.
	 *
	 * @example
	 * client.onAgents((agents) => console.log([...agents.keys()].join(", ")));
	 */
	onAgents(listener: (agents: Agents) => void): Unsubscribe;

	/**
	 * Sends a message as it is: to everyone, or where it has a `target_id` to that agent.
	 * While there is no connection it waits, up to `maxQueue`. What went out and was lost
	 * with a connection goes out again where the session is resumed.
	 *
	 * @returns false if the message was given up, see `onDropped`.
	 * @throws InvalidMessageError if the schema refuses it, as all that send do.
	 *
	 * @example
	 * client.send({ type: "bark", agentId: "timmy", text: "Hello" });
	 */
	send<const M extends OutgoingMessage>(message: M & Known<M, Said>): boolean;

	/**
	 * Asks to be sent something else of all that is routed from here on [SUB2]: certain types, what
	 * certain agents send, or with null everything. It holds over drops, until it is asked again. What
	 * is retained and comes in by it is sent right after.
	 *
	 * Called again before the gateway was asked, the last call counts and all of them end with it;
	 * where the gateway is asked too often the client waits as long as that says.
	 *
	 * @returns when it holds: what comes from then on is what was asked for, last. While there is no
	 *   connection that takes until there is one.
	 * @throws RequestError, asynchronously: `refused` by the gateway, as for a list that is too long
	 *   or where it knows of no such thing; then what held before holds on. `disposed`.
	 *
	 * @example
	 * await client.subscribe({ types: ["bark", "scene_*"], from: ["timmy"] });
	 * await client.subscribe(null);
	 */
	subscribe(interest: Interest | null): Promise<void>;

	/**
	 * Sends a message to one agent: `send` with a `target_id`. If the agent is not there
	 * a `gateway_error` with the code `target_offline` comes back.
	 *
	 * @returns false if the message was given up, see `onDropped`.
	 *
	 * @example
	 * client.sendTo("timmy", { type: "agent_message", text: "What are you building?" });
	 */
	sendTo<const M extends OutgoingMessage>(
		target: string,
		message: M & Known<M, Said>,
	): boolean;

	/**
	 * Sends a message to one agent and waits to hear what became of it [RCPT]. For an
	 * agent that is expected back the gateway keeps the message: then the wait is long.
	 *
	 * @returns `delivered`: it was handed to the agent's connection, or to the one on
	 *   which it came back. `offline`: the agent is not there. `dropped`: the gateway kept
	 *   the message for the agent, which did not come back for it.
	 * @throws RequestError, asynchronously: `timeout`; `dropped` if it was given up before
	 *   it was sent; `refused` if the gateway refused it, or the client; `disposed`.
	 *
	 * @example
	 * const status = await client.deliver(
	 *   "timmy",
	 *   { type: "agent_message", text: "The garden is done." },
	 *   { timeout: 90_000 },
	 * );
	 * if (status !== "delivered") console.warn("Timmy is not there");
	 */
	deliver<const M extends OutgoingMessage>(
		target: string,
		message: M & Known<M, Said>,
		options?: RequestOptions,
	): Promise<DeliveryStatus>;

	/**
	 * Sends a message to one agent and waits for its answer. `reply_to`, `receipt` and,
	 * where the message has none, `agentId` are added, so that the other side knows whom
	 * to answer, and the gateway whom to tell that there will be no answer.
	 *
	 * @returns the message whose `in_reply_to` is that `reply_to`.
	 * @throws RequestError, asynchronously: `timeout`; `target_offline`; `dropped` if it
	 *   was given up before it was sent, or while the gateway kept it for an agent that
	 *   did not come back; `refused` if the gateway refused it, or the client; `invalid` if the
	 *   schema refuses the answer; `disposed`.
	 * @throws TypeError, asynchronously, from a viewer: it has no address to answer to.
	 *
	 * @example
	 * const { text } = await client.request(
	 *   "timmy",
	 *   { type: "agent_message", text: "What are you building?" },
	 *   { timeout: 5_000 },
	 * );
	 * console.log(text);
	 */
	request<const M extends OutgoingMessage>(
		target: string,
		message: M & Known<M, Said>,
		options?: RequestOptions,
	): Promise<MatrixMessage>;

	/**
	 * Answers a message that came from `request`. Any message may be handed in, whatever
	 * its sender put into it: what cannot be answered is not, and nothing is thrown.
	 *
	 * @returns false if the answer was given up, see `onDropped`; also if there is none to
	 *   give, since the message lacks a `reply_to` or an `agentId` that are texts: nothing
	 *   is sent then, and `onDropped` is not called.
	 *
	 * @example
	 * client.on("agent_message", (message) => {
	 *   client.reply(message, { type: "agent_message", text: "A garden." });
	 * });
	 */
	reply<const M extends OutgoingMessage>(
		message: Answerable | MatrixMessage,
		body: M & Known<M, Said>,
	): boolean;

	/**
	 * Makes the next try now, in place of when `retryIn` of the state `offline` is over: for a button that
	 * says so. It does nothing while there is a connection or a try is under way, and brings back no
	 * client that was refused or disposed of.
	 *
	 * @example
	 * document.querySelector("#again")?.addEventListener("click", () => client.reconnect());
	 */
	reconnect(): void;

	/**
	 * Leaves the gateway for good (close 1000) and lets go of every timer and listener
	 * that the client has set. A second call does nothing. `using` calls it by itself.
	 *
	 * @example
	 * import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
	 *
	 * using client = createMatrixClient({ url });
	 */
	dispose(): void;
}
