/**
 * A gateway in memory, for tests of what lives in it: `vite-plugin-matrix-gateway/testing`.
 *
 * @packageDocumentation
 */

export { createMatrix } from "./matrix.ts";
export type { TraceEntry } from "./network.ts";
export type {
	Disturbance,
	Matrix,
	MatrixOptions,
	RestartOptions,
} from "./options.ts";
