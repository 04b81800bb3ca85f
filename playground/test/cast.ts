/** The demo's agents as hosts run them, in a gateway in memory. */
import {
	createMatrixClient,
	type MatrixClient,
	type MatrixClientOptions,
} from "vite-plugin-matrix-gateway/client";
import type { Matrix } from "vite-plugin-matrix-gateway/testing";
import * as iris from "../agents/iris.ts";
import * as perplexity from "../agents/perplexity.ts";
import * as timmy from "../agents/timmy.ts";

export const CAST = [timmy, perplexity, iris] as const;
export type Member = (typeof CAST)[number];

export interface Living {
	readonly client: MatrixClient;
	/** Until the signal aborts, and without an error then. */
	readonly life: Promise<void>;
}

/** Has one live there, on the gateway's clock. */
export function live(
	matrix: Matrix,
	{ agentId, role, default: run, ...file }: Member,
	signal: AbortSignal,
	schema: MatrixClientOptions["schema"] = file.schema,
): Living {
	const { clock, ...rest } = matrix.client;
	if (!clock) throw new Error("no clock");
	const client = createMatrixClient({ ...rest, clock, agentId, role, schema });
	const running = { signal, clock, today: () => matrix.now };
	const life = run(client, running).catch((error: unknown) => {
		if (!signal.aborted) throw error;
	});
	return { client, life };
}
