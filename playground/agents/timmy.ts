/** Timmy, whom Vite and the sidecar run: what he does is in `demo/timmy.ts`. */
import type { AgentFunction } from "vite-plugin-matrix-gateway/client";
import { TIMMY } from "../demo/cast.ts";
import { runTimmy } from "../demo/timmy.ts";

export const { agentId, role } = TIMMY;

// Anybody may say anything: he hears what is a message as the world knows it.
export { matrixMessage as schema } from "vite-plugin-matrix-gateway/messages";

export default runTimmy satisfies AgentFunction;
