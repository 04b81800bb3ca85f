/** A stretch of the demo, recorded: it replays to the same world, at any speed. */
import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
import {
	createMatrix,
	type Matrix,
	record,
	replay,
} from "vite-plugin-matrix-gateway/testing";
import { expect, it, onTestFinished } from "vitest";
import { CAST, live } from "./cast.ts";

/** Of its own clock: ten minutes take a second. */
const SECONDS = Number(process.env.MATRIX_DEMO_SECONDS ?? 600);

function create(): Matrix {
	const matrix = createMatrix({ gateway: { retain: "matrix" } });
	onTestFinished(() => matrix.close());
	return matrix;
}

/** What happens there from here on. */
function recordIn(matrix: Matrix) {
	const { WebSocket, ...client } = matrix.client;
	if (!WebSocket) throw new Error("no WebSocket");
	const lines: string[] = [];
	const { stop } = record({
		...{ url: client.url, clock: client.clock, WebSocket },
		write: (line) => lines.push(line),
		now: () => matrix.now,
	});
	onTestFinished(stop);
	return lines;
}

const withoutTime = (lines: readonly string[]) =>
	lines.map((line) => line.replace(/^\{"at":"[^"]*",/, "{"));

it(
	"two agents and a page are the same again, byte for byte",
	async () => {
		const original = create();
		const lines = recordIn(original);
		await original.settled();
		const stopping = new AbortController();
		for (const agent of CAST.slice(0, 2))
			live(original, agent, stopping.signal);
		const page = createMatrixClient(original.client);
		page.send({ type: "visitor_message", text: "Hi" });
		await original.pass(SECONDS * 1_000);
		await original.settled();
		const { retained } = original;
		const recorded = [...lines];
		stopping.abort();
		expect(retained.length).toBeGreaterThan(2);
		expect(recorded.join()).toContain("visitor_message");
		for (const speed of [1, 50]) {
			const matrix = create();
			const again = recordIn(matrix);
			await matrix.settled();
			const { problems } = await replay(recorded, { matrix, speed });
			expect(problems).toEqual([]);
			expect(matrix.retained).toEqual(retained);
			expect(withoutTime(again)).toEqual(withoutTime(recorded));
		}
	},
	SECONDS * 1_000 + 60_000,
);
