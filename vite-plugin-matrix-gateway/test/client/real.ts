import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";
import { WebSocket } from "ws";
import {
	type ClientState,
	createMatrixClient,
	type MatrixClient,
	type MatrixClientOptions,
} from "../../src/client/index.ts";

const endings: (() => unknown)[] = [];

/** An HTTP server on a port of its own; gone after the test, with all that is connected. */
export async function listen(port = 0): Promise<Server> {
	const server = createServer();
	const sockets = new Set<{ destroy(): void }>();
	server.on("connection", (socket) => sockets.add(socket));
	server.listen(port, "127.0.0.1");
	await once(server, "listening");
	endings.push(async () => {
		for (const socket of sockets) socket.destroy();
		if (server.listening) await once(server.close(), "close");
	});
	return server;
}

/** A client on real sockets; disposed of after the test. */
export function connect(
	server: Server,
	options: Partial<MatrixClientOptions> = {},
): MatrixClient {
	const { port } = server.address() as AddressInfo;
	const url = `http://127.0.0.1:${port}/ws/matrix`;
	const client = createMatrixClient({ url, WebSocket, ...options });
	endings.push(() => client.dispose());
	return client;
}

/** The next state of that status. */
export function reach(
	client: MatrixClient,
	status: ClientState["status"],
): Promise<ClientState> {
	return new Promise((resolve) => {
		const stop = client.onState((state) => {
			if (state.status !== status) return;
			stop();
			resolve(state);
		});
	});
}

/** The next message of that type. */
export function hear(client: MatrixClient, type: string): Promise<unknown> {
	return new Promise((resolve) => {
		const stop = client.on(type, (message) => {
			stop();
			resolve(message);
		});
	});
}

afterEach(async () => {
	// The clients go first, or they come back.
	for (const end of endings.splice(0).reverse()) await end();
});
