/** The Perplexity bot, which Vite and the sidecar run: what it does is in `demo/perplexity.ts`. */
import type { AgentFunction } from "vite-plugin-matrix-gateway/client";
import { PERPLEXITY } from "../demo/cast.ts";
import { runPerplexity } from "../demo/perplexity.ts";

export const { agentId, role } = PERPLEXITY;

// Anybody may say anything: it hears what is a message as the world knows it.
export { matrixMessage as schema } from "vite-plugin-matrix-gateway/messages";

export default runPerplexity satisfies AgentFunction;
