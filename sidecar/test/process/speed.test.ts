import { expect, it } from "vitest";
import { start } from "../../../vite-plugin-matrix-gateway/test/support/child.ts";
import { SIDECAR_FILE } from "../support/sidecar.ts";

const ROUNDS = 5;

it("starts within 250 ms over Node itself", async () => {
	const bare: number[] = [];
	const listening: number[] = [];
	// In turns, and the best of each: what else the machine does is not the question.
	for (let round = 0; round < ROUNDS; round++) {
		bare.push(await timed(["-e", "console.log('listening')"]));
		listening.push(await timed([SIDECAR_FILE, "--host=127.0.0.1", "--port=0"]));
	}
	expect(Math.min(...listening) - Math.min(...bare)).toBeLessThan(250);
});

async function timed(args: readonly string[]): Promise<number> {
	const started = performance.now();
	const child = start(process.execPath, args);
	await child.printed(/listening/);
	const milliseconds = performance.now() - started;
	await child.exit("SIGKILL");
	return milliseconds;
}
