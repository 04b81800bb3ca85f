/** Ada: she walks about, and answers whoever speaks. Edit this file while she lives. */
import type { MatrixClient } from "vite-plugin-matrix-gateway/client";

// Anybody may say anything. What she hears has the fields that it should have.
export { matrixMessage as schema } from "vite-plugin-matrix-gateway/messages";

const agentId = "ada";

/** Lives on a client, until the function that it returns is called. */
export default function live(matrix: MatrixClient): () => void {
	const stopHearing = matrix.on("visitor_message", ({ text }) => {
		say(`You say “${text.slice(0, 200)}”. Welcome!`);
		walk();
	});
	const timer = setInterval(() => {
		if (matrix.state.status === "online") walk();
	}, 5_000);
	walk();
	return () => {
		clearInterval(timer);
		stopHearing();
	};

	function say(text: string): void {
		matrix.send({ type: "bark", agentId, text });
	}

	/** Goes to a place within 6 metres of the middle. */
	function walk(): void {
		const position = { x: 12 * Math.random() - 6, z: 12 * Math.random() - 6 };
		matrix.send({ type: "agent_move", agentId, position });
	}
}
