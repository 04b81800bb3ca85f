import uws from "@trufflesuite/uws-js-unofficial";

const agents = new Map();
const decoder = new TextDecoder();
const app = uws.App();

app.ws("/*", {
	maxBackpressure: 64 * 1024 * 1024,
	close: () => {},
	message(socket, payload) {
		const text = decoder.decode(payload);
		const { type, agentId, target_id } = JSON.parse(text);
		if (type === "ping") {
			socket.subscribe("all");
			socket.send('{"type":"gateway_hello"}');
		} else if (type === "agent_register") {
			socket.subscribe("all");
			agents.set(agentId, socket);
			socket.send(JSON.stringify({ type: "agent_registered", agentId }));
			app.publish("all", JSON.stringify({ type: "agent_joined", agentId }));
		} else if (target_id) {
			agents.get(target_id)?.send(text);
		} else {
			socket.publish("all", text);
		}
	},
});
app.listen(Number(process.argv[2]), () => {});
