/**
 * Where a client stands.
 *
 * - `connecting`: on its way to the gateway.
 * - `online`: registered, or greeted as a viewer; messages flow.
 * - `offline`: without a connection. It comes back by itself in `retryIn`
 *   milliseconds, sooner if the network returns or the page is looked at again.
 *   Without `retryIn` it was disposed of and does not come back.
 * - `refused`: the gateway said no and would say it again [CL2]. For good: make a new
 *   client once the cause is gone.
 *
 * `code` is the WebSocket's close code where one is the cause.
 *
 * @example
 * client.onState((state) => {
 *   if (state.status === "refused") alert(`The gateway refused us: ${state.reason}`);
 * });
 */
export type ClientState =
	| { readonly status: "connecting" }
	| { readonly status: "online" }
	| {
			readonly status: "offline";
			readonly reason: string;
			readonly code?: number;
			/** Milliseconds. */
			readonly retryIn?: number;
	  }
	| {
			readonly status: "refused";
			readonly reason: string;
			readonly code?: number;
	  };
