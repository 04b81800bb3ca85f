/** Servers of one's own, on Node's HTTP, with a gateway or with a hub whose test is in one of its worlds. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type AttachOptions, attach } from "../../src/node/attach.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import { createHub } from "../../src/node/hub.ts";
import type { Worlds } from "../../src/node/worlds.ts";
import { NATIVE_IO } from "./native-io.ts";
import { LONG_SILENCE } from "./silence.ts";

export interface OwnServer {
	/** Of the WebSocket. */
	readonly url: string;
	/** What an operator may do. */
	readonly operator: Pick<
		Worlds,
		"regrant" | "revoke" | "isRevoked" | "disconnect"
	>;
	stop(): Promise<void>;
}

export const OWN_SERVERS = [
	{ name: "a server of one's own", start: startAlone },
	{ name: "a hub", start: startInHub },
] as const;

const OPTIONS = { registerTimeout: LONG_SILENCE, ...NATIVE_IO };

function startAlone(access: AttachOptions): Promise<OwnServer> {
	const gateway = createGateway(OPTIONS);
	return listen(gateway, access, "", gateway);
}

function startInHub(access: AttachOptions): Promise<OwnServer> {
	const hub = createHub({ ...OPTIONS, worlds: "*" });
	const operator = {
		...hub,
		disconnect: (who: Parameters<Worlds["disconnect"]>[0]) =>
			hub.disconnect(who, "garden"),
	};
	return listen(hub, access, "/garden", operator);
}

async function listen(
	target: Parameters<typeof attach>[1],
	access: AttachOptions,
	path: string,
	operator: OwnServer["operator"],
): Promise<OwnServer> {
	const server = createServer();
	attach(server, target, access);
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	return {
		url: `ws://127.0.0.1:${port}/ws/matrix${path}`,
		operator,
		async stop() {
			await target.close({ timeout: 100 });
			server.closeAllConnections();
			server.close();
		},
	};
}
