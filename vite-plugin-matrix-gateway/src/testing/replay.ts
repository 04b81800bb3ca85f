/** A recording in a gateway in memory. */
import { open } from "node:fs/promises";
import type { RecordedLine } from "../recording/line.ts";
import { type Pace, type Played, play } from "../recording/play.ts";
import { createPlayer } from "../recording/player.ts";
import { createMatrix } from "./matrix.ts";
import type { Matrix } from "./options.ts";

/** How a recording is replayed. */
export interface ReplayOptions extends Pace {
	/**
	 * Where.
	 * @default a new one that retains what the Matrix world does
	 */
	readonly matrix?: Matrix | undefined;
	/** Called after each line, when all have heard what it tells. */
	readonly step?:
		| ((line: RecordedLine, matrix: Matrix) => void | Promise<void>)
		| undefined;
}

/** What a recording has left. */
export interface Replayed extends Played {
	/** Its agents are still there; `close` ends all. */
	readonly matrix: Matrix;
	/** What did not go as it did: `line 7: it is no JSON`. */
	readonly problems: readonly string[];
}

/**
 * Replays a recording, of `matrix-gateway record` or `matrix-gateway data … --jsonl`: a day in the world as a
 * fixture, in the time that the messages take.
 *
 * @param recording The path of a file, or its lines.
 *
 * @example
 * import { replay } from "vite-plugin-matrix-gateway/testing";
 *
 * const { matrix } = await replay("world.jsonl", { speed: 50 });
 * console.log(matrix.retained);
 * await matrix.close();
 *
 * @throws RangeError, asynchronously, where the speed is none, or `from` no time.
 * @throws Error, asynchronously, that names the line where it cannot go on.
 */
export async function replay(
	recording: string | URL | AsyncIterable<string> | Iterable<string>,
	{ matrix: given, step, ...pace }: ReplayOptions = {},
): Promise<Replayed> {
	const matrix = given ?? createMatrix({ gateway: { retain: "matrix" } });
	const problems: string[] = [];
	let number = 0;
	const problem = (at: number, reason: string) =>
		void problems.push(`line ${at}: ${reason}`);
	const { url, WebSocket } = matrix.client;
	if (!WebSocket) throw new TypeError("a matrix has a WebSocket");
	const player = createPlayer({ url, WebSocket }, (reason) =>
		problem(number, `${reason} (this line, or one just before)`),
	);
	const played = await play(counted(linesOf(recording)), {
		...{ ...pace, player, problem },
		now: () => matrix.now,
		pass: matrix.pass,
		until: matrix.until,
		...(step && {
			async step(line: RecordedLine) {
				await matrix.settled();
				await step(line, matrix);
			},
		}),
	});
	await matrix.settled();
	return { ...played, matrix, problems };

	async function* counted(lines: AsyncIterable<string> | Iterable<string>) {
		for await (const line of lines) {
			number++;
			yield line;
		}
	}
}

function linesOf(
	recording: string | URL | AsyncIterable<string> | Iterable<string>,
): AsyncIterable<string> | Iterable<string> {
	const isFile = typeof recording === "string" || recording instanceof URL;
	return isFile ? readRecording(recording) : recording;
}

/** The lines of a file. What is wrong with the file is thrown. */
export async function* readRecording(
	file: string | URL,
): AsyncGenerator<string> {
	const handle = await open(file);
	try {
		yield* handle.readLines();
	} finally {
		await handle.close();
	}
}
