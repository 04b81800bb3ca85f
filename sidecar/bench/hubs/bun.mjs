/** Runs on Bun. */
import { credentials } from "./credentials.mjs";

const agents = new Map();

const server = Bun.serve({
	port: Number(process.argv[2]),
	...(credentials && { tls: credentials }),
	fetch: (request, server) =>
		server.upgrade(request) ? undefined : new Response(null, { status: 404 }),
	websocket: {
		message(socket, text) {
			const { type, agentId, target_id } = JSON.parse(text);
			if (type === "ping") {
				socket.subscribe("all");
				socket.send('{"type":"gateway_hello"}');
			} else if (type === "agent_register") {
				socket.subscribe("all");
				agents.set(agentId, socket);
				socket.send(JSON.stringify({ type: "agent_registered", agentId }));
				server.publish(
					"all",
					JSON.stringify({ type: "agent_joined", agentId }),
				);
			} else if (target_id) {
				agents.get(target_id)?.send(text);
			} else {
				socket.publish("all", text);
			}
		},
	},
});
