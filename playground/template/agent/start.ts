/** `npm run agent`: Ada, on a gateway, until Ctrl-C. */
import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
import { matrixMessage } from "vite-plugin-matrix-gateway/messages";
import { WebSocket } from "ws"; // From Node 22 on the global one will do.
import { ADA, live } from "./ada.ts";

const [url = "ws://localhost:5173/ws/matrix"] = process.argv.slice(2);

const matrix = createMatrixClient({
	url,
	token: process.env.MATRIX_GATEWAY_TOKEN,
	agentId: ADA,
	schema: matrixMessage,
	WebSocket,
});
const stopLiving = live(matrix);

matrix.onState((state) => {
	const reason = "reason" in state ? state.reason : "";
	console.log(ADA, "is", state.status, reason);
	if (state.status !== "refused") return;
	process.exitCode = 1;
	stop();
});

process.once("SIGINT", stop).once("SIGTERM", stop);

function stop(): void {
	stopLiving();
	matrix.dispose();
}
