/**
 * On real sockets, with the WebSocket of ws: what a fake cannot show, such as the
 * errors that ws emits when a socket is closed before it is open.
 */
import { once } from "node:events";
import { expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { connect, listen, reach } from "./real.ts";

it("speaks with a server, token and all", async () => {
	const server = new WebSocketServer({ server: await listen() });
	const client = connect(server.options.server as never, {
		agentId: "timmy",
		token: "secret",
	});
	const [socket, request] = await once(server, "connection");
	expect(request.url).toBe("/ws/matrix");
	expect(request.headers["sec-websocket-protocol"]).toBe(
		"matrix.v1,matrix.token.c2VjcmV0",
	);
	const [greeting] = await once(socket, "message");
	expect(JSON.parse(greeting)).toEqual({
		type: "agent_register",
		agentId: "timmy",
		resume: true,
	});
	client.send({ type: "marker" });
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
	await reach(client, "online");
	const [marker] = await once(socket, "message");
	expect(JSON.parse(marker)).toEqual({ type: "marker" });

	client.dispose();
	const [code] = await once(socket, "close");
	expect(code).toBe(1000);
});

it("says what an upgrade was refused with", async () => {
	const server = await listen();
	server.on("upgrade", (_request, socket) =>
		socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"),
	);
	expect(await reach(connect(server), "offline")).toMatchObject({
		reason: "Unexpected server response: 403",
		code: 1006,
	});
});

it("says that nobody listens", async () => {
	const server = await listen();
	const client = connect(server);
	server.close();
	expect(await reach(client, "offline")).toMatchObject({
		reason: expect.stringContaining("ECONNREFUSED"),
		code: 1006,
	});
});

it("may be disposed of before the socket is open", async () => {
	const server = await listen();
	const client = connect(server);
	const [, socket] = await once(server, "upgrade");
	// An uncaught error of ws would fail the run.
	client.dispose();
	socket.on("end", () => socket.destroy()).resume();
	await once(socket, "close");
	expect(client.state).toEqual({ status: "offline", reason: "disposed" });
});
