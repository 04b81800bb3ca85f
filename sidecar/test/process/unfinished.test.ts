import { expect, it, onTestFinished } from "vitest";
import { connect } from "../../../vite-plugin-matrix-gateway/test/support/client.ts";
import {
	frame,
	OPCODE,
} from "../../../vite-plugin-matrix-gateway/test/support/frames.ts";
import { upgradeRaw } from "../../../vite-plugin-matrix-gateway/test/support/peer.ts";
import { startSidecar } from "../support/sidecar.ts";

/** Fewer than are refused [CON9]. */
const FRAGMENTS = 16_000;

it("does not run out of memory by fragments of a byte, 100 times 112 kB of them in a heap of 64 MB [CON9]", async () => {
	const env = { NODE_OPTIONS: "--max-old-space-size=64" };
	const { wsUrl, child } = await startSidecar(["--heartbeat-interval=0"], {
		env,
	});
	const url = `${wsUrl}/ws/matrix`;
	const middle = { opcode: OPCODE.continuation, final: false, payload: "x" };
	const bytes = Buffer.concat([
		frame({ final: false, payload: "x" }),
		...Array(FRAGMENTS - 1).fill(frame(middle)),
	]);
	for (let n = 0; n < 100; n++) {
		const { socket, next } = await upgradeRaw(url);
		onTestFinished(() => void socket.destroy());
		// A pong comes once all before it was read.
		socket.write(Buffer.concat([bytes, frame({ opcode: OPCODE.ping })]));
		expect((await next()).opcode).toBe(OPCODE.pong);
	}
	const client = await connect(url);
	await client.register("timmy");
	client.socket.close();
	expect(await child.exit("SIGTERM")).toBe(0);
});
