import { Server } from "socket.io";

const agents = new Map();
const server = new Server(Number(process.argv[2]), {
	transports: ["websocket"],
	serveClient: false,
});

server.on("connection", (socket) => {
	socket.on("m", (message) => {
		if (message.type === "ping") {
			socket.join("all");
			socket.emit("m", { type: "gateway_hello" });
		} else if (message.type === "agent_register") {
			const { agentId } = message;
			socket.join("all");
			agents.set(agentId, socket);
			socket.emit("m", { type: "agent_registered", agentId });
			server.to("all").emit("m", { type: "agent_joined", agentId });
		} else if (message.target_id) {
			agents.get(message.target_id)?.emit("m", message);
		} else {
			socket.to("all").emit("m", message);
		}
	});
});
