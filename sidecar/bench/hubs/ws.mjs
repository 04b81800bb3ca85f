/** The plain loop: one `send` a receiver and message. Everyone's first hub, and the measure of the others. */
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { WebSocketServer } from "ws";
import { credentials } from "./credentials.mjs";

const members = new Set();
const agents = new Map();
const httpServer = credentials
	? createSecureServer(credentials)
	: createServer();
const server = new WebSocketServer({
	server: httpServer,
	perMessageDeflate: process.argv.includes("--deflate"),
});
httpServer.listen(Number(process.argv.at(-1)));

server.on("connection", (socket) => {
	socket.on("error", () => {});
	socket.on("close", () => members.delete(socket));
	socket.on("message", (data) => {
		const message = JSON.parse(data.toString());
		if (message.type === "ping") {
			members.add(socket);
			socket.send('{"type":"gateway_hello"}');
		} else if (message.type === "agent_register") {
			const { agentId } = message;
			members.add(socket);
			agents.set(agentId, socket);
			socket.send(JSON.stringify({ type: "agent_registered", agentId }));
			broadcast(JSON.stringify({ type: "agent_joined", agentId }));
		} else if (message.target_id) {
			agents.get(message.target_id)?.send(data, { binary: false });
		} else {
			broadcast(data, socket);
		}
	});
});

function broadcast(data, except) {
	for (const member of members)
		if (member !== except && member.readyState === member.OPEN)
			member.send(data, { binary: false });
}
