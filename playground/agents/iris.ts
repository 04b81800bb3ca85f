/** Iris, whom Vite and the sidecar run: what she does is in `demo/iris.ts`. */
import type { AgentFunction } from "vite-plugin-matrix-gateway/client";
import { IRIS } from "../demo/cast.ts";
import { runIris } from "../demo/iris.ts";

export const { agentId, role } = IRIS;

// Anybody may say anything: she hears what is a message as the world knows it.
export { matrixMessage as schema } from "vite-plugin-matrix-gateway/messages";

export default runIris satisfies AgentFunction;
