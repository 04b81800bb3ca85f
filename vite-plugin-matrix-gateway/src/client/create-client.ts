import type { StandardSchema } from "../messages/standard-schema.ts";
import { createLastingClient } from "./lasting-client.ts";
import type { MatrixClient } from "./matrix-client.ts";
import type { HeardBy, SaidBy } from "./messages.ts";
import type { MatrixClientOptions } from "./options.ts";

/**
 * Connects to a Matrix gateway, and keeps connecting: what you send meanwhile waits.
 *
 * With `agentId` the client registers as that agent; without, it is a viewer, which
 * sees and sends but cannot be addressed.
 *
 * @throws TypeError where `url` is no address of a WebSocket, `world` no name of a world, or where
 * there is no WebSocket.
 *
 * @example
 * import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
 *
 * const client = createMatrixClient({ url: "/ws/matrix", agentId: "timmy" });
 * client.on("agent_message", ({ agentId, text }) => console.log(agentId, text));
 * client.send({ type: "bark", agentId: "timmy", text: "Hello, world" });
 */
export function createMatrixClient<S extends StandardSchema>(
	options: MatrixClientOptions & { readonly schema: S },
): MatrixClient<HeardBy<S>, SaidBy<S>>;
export function createMatrixClient(options: MatrixClientOptions): MatrixClient;
export function createMatrixClient(options: MatrixClientOptions): MatrixClient {
	return createLastingClient(options).client;
}
