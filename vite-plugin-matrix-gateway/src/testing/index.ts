/**
 * A gateway in memory, for tests of what lives in it: `vite-plugin-matrix-gateway/testing`.
 *
 * @packageDocumentation
 */

export { type RecordedLine, writeLine } from "../recording/line.ts";
export {
	type Pace,
	type Played,
	type PlayParts,
	play,
} from "../recording/play.ts";
export { createPlayer, type Player } from "../recording/player.ts";
export {
	type Recording,
	type RecordOptions,
	record,
} from "../recording/record.ts";
export type { Stage } from "../recording/voice.ts";
export { createMatrix } from "./matrix.ts";
export type { TraceEntry } from "./network.ts";
export type {
	Disturbance,
	Matrix,
	MatrixOptions,
	RestartOptions,
} from "./options.ts";
export {
	type Replayed,
	type ReplayOptions,
	readRecording,
	replay,
} from "./replay.ts";
