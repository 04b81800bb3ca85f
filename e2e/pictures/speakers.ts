/** Says what a recording has, each by a connection of its own, and knows what was said last. */
import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
import { createPlayer, type Player } from "vite-plugin-matrix-gateway/testing";
import { WebSocket } from "ws";

export interface Speakers extends Player {
	/** What everyone hears once all that was said has come. */
	readonly last: string;
	/** Messages so far. */
	readonly said: number;
}

/** @param url The gateway. */
export function createSpeakers(
	url: string,
	token: string | undefined,
): Speakers {
	const stage = { url, token, WebSocket };
	const player = createPlayer(stage, fail);
	// Else one of the agents would say what a visitor has said.
	const visitor = createMatrixClient(stage);
	let last = "agent_joined";
	let said = 0;
	return {
		get last() {
			return last;
		},
		get said() {
			return said;
		},
		async perform(happening) {
			if (happening.what !== "message") return player.perform(happening);
			last = happening.text;
			said++;
			const message = JSON.parse(last);
			if (message.type === "visitor_message") visitor.send(message);
			// Of who pays a recording knows no more than the message says.
			else await player.perform({ from: message.from, ...happening });
		},
		placed: player.placed,
		close() {
			visitor.dispose();
			player.close();
		},
	};
}

/** What does not go as it did is no picture of it. */
export function fail(reason: string): never {
	throw new Error(reason);
}
