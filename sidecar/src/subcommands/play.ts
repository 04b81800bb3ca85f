/** `play`: what was recorded, said again. */
import { setTimeout as wait } from "node:timers/promises";
import {
	createPlayer,
	type Played,
	play,
	readRecording,
} from "vite-plugin-matrix-gateway/testing";
import { WebSocket } from "ws";
import { ExitError, UsageError } from "../errors.ts";
import { GATEWAY_SETTINGS, startOrExplain } from "../gateway-address.ts";
import type { Kind } from "../kinds/kind.ts";
import type { Setting, SettingsOf } from "../setting.ts";
import { Subcommand } from "../subcommand.ts";

const factor: Kind<number> = {
	placeholder: "number",
	expected: "a number above 0",
	parse(text) {
		const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
		return value > 0 && Number.isFinite(value) ? value : undefined;
	},
};

const start: Kind<string> = {
	placeholder: "time",
	expected: "a time such as 12:30, or a date with a time",
	parse: (text) => (text.trim() === "" ? undefined : text),
};

const SETTINGS = {
	...GATEWAY_SETTINGS,
	speed: {
		flag: "speed",
		kind: factor,
		default: 1,
		help: "How many times as fast as it happened.",
	},
	from: {
		flag: "from",
		kind: start,
		defaultText: "the beginning",
		help: "A time of the day in UTC, as the lines have it, or a date with a time. What came before is said at once, so that the world is what it was.",
	},
} as const satisfies Record<string, Setting>;

type Options = SettingsOf<typeof SETTINGS>;

export function createPlay(): Subcommand {
	const subcommand = new Subcommand("play")
		.summary("Say again what was recorded.")
		.description(DESCRIPTION)
		.argument("<file>")
		.addSettings(SETTINGS);
	return subcommand.action(async (file: string) => {
		const options = subcommand.readSettings() as Options;
		const { lines, bad } = await playFile(file, options);
		tell(`${lines} lines played${bad > 0 ? `, ${bad} left out` : ""}`);
		process.exit(0);
	});
}

const DESCRIPTION = `Plays what "matrix-gateway record" has written in a world, each agent by a connection of its own:

  matrix-gateway play world.jsonl --url ws://localhost:8765/ws/matrix --speed 4 --from 12:30

Messages are as they were, byte for byte, and in their order. Nobody who is there already is replaced.
When it ends its agents leave.`;

async function playFile(
	file: string,
	{ speed, from, ...stage }: Options,
): Promise<Played> {
	let number = 0;
	const problem = (line: number, reason: string) =>
		tell(`line ${line}: ${reason}`);
	const player = startOrExplain(() =>
		createPlayer({ ...stage, WebSocket }, (reason) =>
			problem(number, `${reason} (this line, or one just before)`),
		),
	);
	try {
		return await play(counted(), {
			...{ player, problem, speed, from },
			now: () => performance.now(),
			pass: (milliseconds) => wait(milliseconds),
		});
	} catch (error) {
		const { message, code } = error as NodeJS.ErrnoException;
		if (error instanceof RangeError) throw new UsageError(message);
		throw new ExitError(code ? `${file} cannot be read (${code})` : message);
	}

	async function* counted() {
		for await (const line of readRecording(file)) {
			number++;
			yield line;
		}
	}
}

function tell(text: string): void {
	process.stderr.write(`matrix-gateway: ${text}\n`);
}
