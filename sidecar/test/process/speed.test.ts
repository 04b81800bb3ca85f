import { expect, it } from "vitest";
import { start } from "../../../vite-plugin-matrix-gateway/test/support/child.ts";
import { SIDECAR_FILE } from "../support/sidecar.ts";

const LIMIT = 250;

/** Where a machine is busy with other things all the time, one of many rounds is still undisturbed. */
const ROUNDS = { least: 5, most: 40 };

it("starts within 250 ms over Node itself", async () => {
	let bare = Number.POSITIVE_INFINITY;
	let listening = Number.POSITIVE_INFINITY;
	// In turns, and the best of each: what else the machine does is not the question.
	for (let round = 1; round <= ROUNDS.most; round++) {
		bare = Math.min(bare, await timed(["-e", "console.log('listening')"]));
		listening = Math.min(
			listening,
			await timed([SIDECAR_FILE, "--host=127.0.0.1", "--port=0"]),
		);
		if (round >= ROUNDS.least && listening - bare < LIMIT) break;
	}
	expect(listening - bare).toBeLessThan(LIMIT);
}, 120_000);

async function timed(args: readonly string[]): Promise<number> {
	const started = performance.now();
	const child = start(process.execPath, args);
	await child.printed(/listening/);
	const milliseconds = performance.now() - started;
	await child.exit("SIGKILL");
	return milliseconds;
}
