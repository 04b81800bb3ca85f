/** The plain loop: one `send` a receiver and message. Everyone's first hub, and the measure of the others. */
import { WebSocketServer } from "ws";

const members = new Set();
const agents = new Map();
const server = new WebSocketServer({
	port: Number(process.argv.at(-1)),
	perMessageDeflate: process.argv.includes("--deflate"),
});

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
