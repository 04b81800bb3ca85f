/** An HTTP server on a free port, anew for each test of a suite. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach } from "vitest";

export interface TestServer {
	readonly server: Server;
	/** Where a gateway's WebSocket is on it. */
	readonly url: string;
}

/** What a test listened for is forgotten with its end. */
export function useHttpServer(): TestServer {
	const server = createServer();
	let url = "";

	beforeEach(async () => {
		server.listen(0, "127.0.0.1");
		await once(server, "listening");
		url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws/matrix`;
	});
	afterEach(() => {
		for (const event of ["request", "upgrade"])
			server.removeAllListeners(event);
		server.close();
	});

	return {
		server,
		get url() {
			return url;
		},
	};
}
