import { token, url } from "virtual:matrix-gateway";
import {
	type ClientState,
	createMatrixClient,
	type MatrixClient,
	type OutgoingMessage,
} from "vite-plugin-matrix-gateway/client";
import type { World } from "./model/world.ts";

/** The page's line to the gateway. */
export interface Connection {
	readonly state: ClientState;
	/** Whether the message was taken, now or for when the line is back. */
	send(message: OutgoingMessage): boolean;
	/** Begins anew: after a refusal there is no way back for the old client. */
	restart(): void;
}

/** Connects as a viewer and tells the world all that comes. */
export function connect(
	world: World,
	onState: (state: ClientState) => void,
): Connection {
	let client = start();

	function start(): MatrixClient {
		const client = createMatrixClient({
			url,
			token: token ?? tokenInAddress(),
		});
		client.onState(onState);
		client.onAgents((agents) => world.setRoster([...agents.values()]));
		client.on("*", (message) => world.apply(message));
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

// The part of an address after # is sent to no server. It stays there, so that a reload works.
function tokenInAddress(): string | undefined {
	return new URLSearchParams(location.hash.slice(1)).get("token") ?? undefined;
}
