/** Asks again and again who has a name: each probe comes to its owner of that moment. */
import { WebSocket } from "ws";
import { createMatrixClient } from "../../../src/client/index.ts";

export interface Prober {
	/** Sends one more probe. */
	probe(): void;
	/** What it was told of each: "" as long as it was told nothing. */
	readonly outcomes: readonly string[];
	readonly isOnline: boolean;
	dispose(): void;
}

/** @param target The name. */
export function createProber(url: string, target: string): Prober {
	const outcomes: string[] = [];
	const client = createMatrixClient({
		url,
		agentId: "prober",
		WebSocket,
		backoff: { min: 20, max: 200 },
		connectTimeout: 2_000,
		maxQueue: 100_000,
	});
	client.on("gateway_receipt", ({ id, status }) => {
		outcomes[Number(id)] = [outcomes[Number(id)], status]
			.filter(Boolean)
			.join(" ");
	});
	return {
		outcomes,
		probe() {
			const n = outcomes.push("") - 1;
			client.send({ type: "probe", n, target_id: target, receipt: `${n}` });
		},
		get isOnline() {
			return client.state.status === "online";
		},
		dispose: () => client.dispose(),
	};
}
