import { token, url } from "virtual:matrix-gateway";
import {
	type ClientState,
	createMatrixClient,
	type DropReason,
	type MatrixClient,
	type OutgoingMessage,
} from "vite-plugin-matrix-gateway/client";
import {
	BROWSER_ROLE,
	DEFAULT_WORLD,
} from "vite-plugin-matrix-gateway/protocol";
import { tokenInAddress, worldInAddress } from "./address.ts";
import type { World } from "./model/world.ts";
import { keepTypedToken } from "./token.ts";

/** The page's client of the gateway. */
export interface Connection {
	readonly state: ClientState;
	/** Where agents connect to be in the same world. */
	readonly address: string;
	readonly hasToken: boolean;
	/** Whether the message was sent, or waits for the connection to come back. */
	send(message: OutgoingMessage): boolean;
	/** Does not wait for the next try. */
	retry(): void;
	/**
	 * Makes a new client: one that was refused does not connect again.
	 *
	 * @param token Another one than before.
	 */
	restart(token?: string): void;
}

export interface ConnectionListeners {
	/** Called with each state but the first. */
	onState(state: ClientState): void;
	/** Anything has come. */
	onHeard(): void;
	/** The gateway did not do what was asked, as its words say. */
	onRefused(words: string): void;
	/** Something that was sent, or waited, was given up. */
	onDropped(message: OutgoingMessage, reason: DropReason): void;
}

/**
 * Connects, and applies every message to the world.
 *
 * @param agentId The agent that the page is; without it the page is a viewer. An agent's
 *   session is resumed after a lost connection and after a reload.
 */
export function connect(
	world: World,
	agentId: string | undefined,
	{ onState, onHeard, onRefused, onDropped }: ConnectionListeners,
): Connection {
	const typed = keepTypedToken(url, window);
	const currentToken = () => typed.value ?? token ?? tokenInAddress();
	let client: MatrixClient | undefined;

	function start(): MatrixClient {
		const next = createMatrixClient({
			url,
			world: worldInAddress(),
			token: currentToken(),
			agentId,
			role: BROWSER_ROLE,
			keepSession: true,
			onDropped,
		});
		client = next;
		const followRoster = () => world.setRoster([...next.agents.values()]);
		// One that is disposed of has a state too, which is not the page's any more.
		next.onState((state) => next === client && onState(state));
		next.onAgents(followRoster);
		// A slow page is greeted as a viewer before it has registered, and is sent the world then.
		next.on("gateway_hello", ({ agents }) => world.setRoster(agents));
		next.on("gateway_error", ({ message }) => onRefused(message));
		next.on("*", (message) => {
			onHeard();
			world.apply(message);
		});
		// A kept session has its roster before the gateway has answered. A client without one knows of
		// nobody yet, and those who are shown stay.
		if (next.agents.size > 0) followRoster();
		return next;
	}

	let current = start();
	return {
		get state() {
			return current.state;
		},
		get address() {
			const name = worldInAddress();
			return `${url}${name === DEFAULT_WORLD ? "" : `/${name}`}`;
		},
		get hasToken() {
			return currentToken() !== undefined;
		},
		send: (message) => current.send(message),
		retry: () => current.reconnect(),
		restart(token) {
			if (token !== undefined) typed.value = token;
			client = undefined;
			current.dispose();
			current = start();
			onState(current.state);
		},
	};
}
