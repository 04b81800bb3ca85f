import { token, url } from "virtual:matrix-gateway";
import {
	type ClientState,
	createMatrixClient,
	type MatrixClient,
	type OutgoingMessage,
} from "vite-plugin-matrix-gateway/client";
import { BROWSER_ROLE } from "vite-plugin-matrix-gateway/protocol";
import { tokenInAddress, worldInAddress } from "./address.ts";
import type { World } from "./model/world.ts";

/** The page's client of the gateway. */
export interface Connection {
	readonly state: ClientState;
	/** Whether the message was sent, or waits for the connection to come back. */
	send(message: OutgoingMessage): boolean;
	/** Makes a new client: one that was refused does not connect again. */
	restart(): void;
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
	onState: (state: ClientState) => void,
): Connection {
	let client = start();

	function start(): MatrixClient {
		const client = createMatrixClient({
			url,
			world: worldInAddress(),
			token: token ?? tokenInAddress(),
			agentId,
			role: BROWSER_ROLE,
			keepSession: true,
		});
		const followRoster = () => world.setRoster([...client.agents.values()]);
		client.onState(onState);
		client.onAgents(followRoster);
		// A slow page is greeted as a viewer before it has registered, and is sent the world then.
		client.on("gateway_hello", ({ agents }) => world.setRoster(agents));
		client.on("*", (message) => world.apply(message));
		// A kept session has its roster before the gateway has answered.
		followRoster();
		onState(client.state);
		return client;
	}

	return {
		get state() {
			return client.state;
		},
		send: (message) => client.send(message),
		restart() {
			client.dispose();
			client = start();
		},
	};
}
