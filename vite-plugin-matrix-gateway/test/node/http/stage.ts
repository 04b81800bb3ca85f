/** A gateway with its WebSocket and its HTTP endpoints, on a server of its own. */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { Grant } from "../../../src/core/protocol/grant.ts";
import type { AccessOptions } from "../../../src/node/access.ts";
import { attach } from "../../../src/node/attach.ts";
import type { LimitOptions } from "../../../src/node/connection-limits.ts";
import {
	createGateway,
	type NodeGatewayOptions,
} from "../../../src/node/create-gateway.ts";
import { createHttpHandler } from "../../../src/node/http.ts";
import { createHub } from "../../../src/node/hub.ts";
import { type ConnectOptions, connect } from "../../support/client.ts";

export interface StageOptions
	extends Omit<NodeGatewayOptions, "onEvent" | "onBroken" | "onEnded"> {
	readonly access?: AccessOptions & LimitOptions;
	/** A grant for each token. */
	readonly grants?: Readonly<Record<string, Grant>>;
	readonly worlds?: readonly string[];
}

export type Stage = Awaited<ReturnType<typeof openStage>>;

export async function openStage(given: StageOptions = {}) {
	const { access = accessFor(given), worlds, ...options } = given;
	const target = worlds
		? createHub({ ...options, worlds })
		: createGateway(options);
	const requests: IncomingMessage[] = [];
	const server = createServer(createHttpHandler(target, access));
	server.prependListener("request", (request) => requests.push(request));
	attach(server, target, access);
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	const url = `http://127.0.0.1:${port}`;
	const webSocket = `ws://127.0.0.1:${port}/ws/matrix`;
	const close = () => target.close({ timeout: 100 });
	onTestFinished(async () => {
		await close();
		server.closeAllConnections();
		server.close();
	});

	return {
		...{ target, server, url, requests, close },
		/** Asks for a path below that of the API. */
		ask: (path: string, init?: RequestInit) =>
			fetch(`${url}/api/gateway/${path}`, init),
		/** Posts messages, or a text as it is. */
		post(body: unknown, { token, query = "" }: Posting = {}) {
			return fetch(`${url}/api/gateway/messages${query}`, {
				method: "POST",
				headers: {
					"content-type": "application/json",
					...(token !== undefined && { authorization: `Bearer ${token}` }),
				},
				body: typeof body === "string" ? body : JSON.stringify(body),
			});
		},
		connect: (options?: ConnectOptions, path = "") =>
			connect(webSocket + path, options),
		async agent(agentId: string, options?: ConnectOptions, path = "") {
			const client = await connect(webSocket + path, options);
			onTestFinished(() => client.terminate());
			client.send({ type: "agent_register", agentId });
			// After what is retained.
			await client.skipTo("agent_joined");
			return client;
		},
	};
}

export interface Posting {
	readonly token?: string;
	readonly query?: string;
}

/** Shows a token as an agent does. */
export function withToken(token: string): ConnectOptions {
	return { headers: { authorization: `Bearer ${token}` } };
}

function accessFor({ grants }: StageOptions): AccessOptions {
	if (!grants) return {};
	return { authenticate: (token = "") => grants[token] ?? null };
}
