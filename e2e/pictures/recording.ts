/** What the pictures are of: a minute of the demo, which is the same each time. */
import {
	createMatrixClient,
	type MatrixClientOptions,
} from "vite-plugin-matrix-gateway/client";
import { createMatrix, record } from "vite-plugin-matrix-gateway/testing";
import { CAST, live } from "../../playground/test/cast.ts";

/** Another one is another minute: the moments of the pictures are chosen for this one. */
const SEED = 7;

/** Seconds after the beginning. */
const ASKED = 62;
const END = 68;

/** What `matrix-gateway record` would have written. */
export interface DemoRecording {
	readonly lines: readonly string[];
	/** Milliseconds since 1970. */
	readonly start: number;
}

/** Has the demo's agents live in a gateway in memory, on its clock and by its chance, and a visitor ask them for something. */
export async function recordDemo(): Promise<DemoRecording> {
	const matrix = createMatrix({ seed: SEED, gateway: { retain: "matrix" } });
	const start = matrix.now;
	const lines: string[] = [];
	const { stop } = record({
		...withSocket(matrix.client),
		write: (line) => lines.push(line),
		now: () => matrix.now,
	});
	await matrix.settled();
	const ending = new AbortController();
	for (const agent of CAST) live(matrix, agent, ending.signal);
	const visitor = createMatrixClient(matrix.client);
	await matrix.pass(ASKED * 1_000);
	visitor.send({
		type: "visitor_message",
		name: "Ada",
		text: "Timmy, could you plant a cherry tree?",
	});
	await matrix.pass((END - ASKED) * 1_000);
	stop();
	ending.abort();
	await matrix.close();
	return { lines, start };
}

function withSocket({ WebSocket, ...rest }: MatrixClientOptions) {
	if (!WebSocket) throw new TypeError("a matrix has a WebSocket");
	return { ...rest, WebSocket };
}
