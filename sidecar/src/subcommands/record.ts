/** `record`: what happens in a world, on standard output. */
import { record } from "vite-plugin-matrix-gateway/testing";
import { WebSocket } from "ws";
import { ExitError } from "../errors.ts";
import {
	GATEWAY_SETTINGS,
	type GatewaySettings,
	startOrExplain,
} from "../gateway-address.ts";
import { leaveOnSignals } from "../signals.ts";
import { Subcommand } from "../subcommand.ts";

export function createRecord(): Subcommand {
	const subcommand = new Subcommand("record")
		.summary("Write down what happens in a world, as lines of JSON.")
		.description(DESCRIPTION)
		.addSettings(GATEWAY_SETTINGS);
	return subcommand.action(() =>
		recordUntilEnd(subcommand.readSettings() as GatewaySettings),
	);
}

const DESCRIPTION = `Listens to a world and writes a line for each message that is for all, and for who comes and goes:

  matrix-gateway record --url wss://example.com/ws/matrix > world.jsonl

It goes on until it is told to end (Ctrl-C), or until nobody reads. It comes back after a lost
connection, and says that it has missed something. Nobody in the world sees it. The file has what was
said, and no token. "matrix-gateway play" says it all again.`;

function recordUntilEnd(settings: GatewaySettings): Promise<void> {
	return new Promise((_, reject) => {
		const { stdout, stderr } = process;
		const recording = startOrExplain(() =>
			record({
				...{ ...settings, WebSocket },
				write: (line) => void stdout.write(`${line}\n`),
				refused(reason) {
					reject(new ExitError(`the gateway refuses: ${reason}`));
				},
				away: (reason) => void stderr.write(`matrix-gateway: ${reason}\n`),
			}),
		);
		// Whoever read the lines is gone.
		stdout.on("error", () => process.exit(0));
		leaveOnSignals(async () => {
			recording.stop();
			// The last lines.
			await new Promise((resolve) => stdout.write("", resolve));
		});
	});
}
