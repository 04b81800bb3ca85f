import { createServer } from "node:http";
import crossws from "crossws/adapters/node";

const agents = new Map();
const adapter = crossws({
	hooks: {
		message(peer, message) {
			const text = message.text();
			const { type, agentId, target_id } = JSON.parse(text);
			if (type === "ping") {
				peer.subscribe("all");
				peer.send('{"type":"gateway_hello"}');
			} else if (type === "agent_register") {
				peer.subscribe("all");
				agents.set(agentId, peer);
				peer.send(JSON.stringify({ type: "agent_registered", agentId }));
				const joined = JSON.stringify({ type: "agent_joined", agentId });
				peer.send(joined);
				peer.publish("all", joined);
			} else if (target_id) {
				agents.get(target_id)?.send(text);
			} else {
				peer.publish("all", text);
			}
		},
	},
});

const server = createServer();
server.on("upgrade", adapter.handleUpgrade);
server.listen(Number(process.argv[2]));
