/**
 * On real sockets, with the WebSocket of ws: what a fake cannot show, such as the
 * errors that ws emits when a socket is closed before it is open.
 */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import {
	type ClientState,
	createMatrixClient,
	type MatrixClient,
	type MatrixClientOptions,
} from "../../src/client/index.ts";

let http: Server;
let server: WebSocketServer;
let client: MatrixClient;

beforeEach(async () => {
	http = createServer();
	server = new WebSocketServer({ noServer: true });
	http.listen(0, "127.0.0.1");
	await once(http, "listening");
});

afterEach(async () => {
	client.dispose();
	for (const socket of server.clients) socket.terminate();
	http.closeAllConnections();
	http.close();
	await once(http, "close");
});

function start(options: Partial<MatrixClientOptions> = {}): void {
	const { port } = http.address() as AddressInfo;
	const url = `http://127.0.0.1:${port}/ws/matrix`;
	client = createMatrixClient({ url, WebSocket, ...options });
}

function acceptUpgrades(): void {
	http.on("upgrade", (request, socket, head) =>
		server.handleUpgrade(request, socket, head, (ws) =>
			server.emit("connection", ws, request),
		),
	);
}

function reach(status: ClientState["status"]): Promise<ClientState> {
	return new Promise((resolve) => {
		const stop = client.onState((state) => {
			if (state.status !== status) return;
			stop();
			resolve(state);
		});
	});
}

it("speaks with a server, token and all", async () => {
	acceptUpgrades();
	start({ agentId: "timmy", token: "secret" });
	const [socket, request] = await once(server, "connection");
	expect(request.url).toBe("/ws/matrix");
	expect(request.headers["sec-websocket-protocol"]).toBe(
		"matrix.v1,matrix.token.c2VjcmV0",
	);
	const [greeting] = await once(socket, "message");
	expect(JSON.parse(greeting)).toEqual({
		type: "agent_register",
		agentId: "timmy",
	});
	client.send({ type: "marker" });
	const online = reach("online");
	socket.send(
		JSON.stringify({
			type: "agent_registered",
			agentId: "timmy",
			role: "agent",
			connectionId: "c1",
			agents: [],
			heartbeat: 30,
			maxPayload: 1_000,
		}),
	);
	await online;
	const [marker] = await once(socket, "message");
	expect(JSON.parse(marker)).toEqual({ type: "marker" });

	const offline = reach("offline");
	client.dispose();
	const [code] = await once(socket, "close");
	expect(code).toBe(1000);
	await offline;
});

it("says what an upgrade was refused with", async () => {
	http.on("upgrade", (_request, socket) =>
		socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"),
	);
	start();
	expect(await reach("offline")).toMatchObject({
		reason: "Unexpected server response: 403",
		code: 1006,
	});
});

it("says that nobody listens", async () => {
	start({ url: "ws://127.0.0.1:1/" });
	expect(await reach("offline")).toMatchObject({
		reason: expect.stringContaining("ECONNREFUSED"),
		code: 1006,
	});
});

it("may be disposed of before the socket is open", async () => {
	const upgrade = once(http, "upgrade");
	start();
	const [, socket] = await upgrade;
	// An uncaught error of ws would fail the run.
	client.dispose();
	socket.on("end", () => socket.destroy()).resume();
	await once(socket, "close");
	expect(client.state).toEqual({ status: "offline", reason: "disposed" });
});
