import { token, url } from "virtual:matrix-gateway";
import {
	type ClientState,
	createMatrixClient,
	type MatrixClient,
	type OutgoingMessage,
} from "vite-plugin-matrix-gateway/client";
import { BROWSER_ROLE } from "vite-plugin-matrix-gateway/protocol";
import { tokenInAddress } from "./address.ts";
import type { World } from "./model/world.ts";

/** The page's line to the gateway. */
export interface Connection {
	readonly state: ClientState;
	/** Whether the message was taken, now or for when the line is back. */
	send(message: OutgoingMessage): boolean;
	/** Begins anew: after a refusal there is no way back for the old client. */
	restart(): void;
}

/**
 * Connects and tells the world all that comes.
 *
 * @param agentId The agent that the page is; without it the page is a viewer. An agent's
 *   session goes on after a lost connection and after a reload.
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
			token: token ?? tokenInAddress(),
			agentId,
			role: BROWSER_ROLE,
			keepSession: true,
		});
		const followRoster = () => world.setRoster([...client.agents.values()]);
		client.onState(onState);
		client.onAgents(followRoster);
		// A slow page is greeted as a viewer before it has registered, and then gets the world.
		client.on("gateway_hello", ({ agents }) => world.setRoster(agents));
		client.on("*", (message) => world.apply(message));
		// A session that was kept knows who is there before the gateway has answered.
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
