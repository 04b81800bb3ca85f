import type { Beginning, Session } from "./session.ts";

/**
 * Where a client stands.
 *
 * - `connecting`: on its way to the gateway.
 * - `resuming`: on its way back, to go on where the connection ended [RES3].
 * - `online`: registered, or greeted as a viewer; messages flow. `resumed` is absent on
 *   the first connection; true where nothing was lost since the last one; false where
 *   it is a new start, and what others said in between is missing [RES4].
 * - `offline`: without a connection. It comes back by itself in `retryIn`
 *   milliseconds, sooner if the network returns or the page is looked at again.
 *   Without `retryIn` it was disposed of and does not come back.
 * - `refused`: the gateway said no and would say it again [CL2]. For good: make a new
 *   client once the cause is gone. With `needsToken` it has stopped for lack of a token:
 *   that of the client has expired (41xx) and is no function, which could get another one,
 *   or the function gave null.
 *
 * `code` is the WebSocket's close code where one is the cause.
 *
 * @example
 * client.onState((state) => {
 *   if (state.status === "refused" && state.needsToken) location.assign("/login");
 *   else if (state.status === "refused") alert(`The gateway refused us: ${state.reason}`);
 *   if (state.status === "online" && state.resumed === false) location.reload();
 * });
 */
export type ClientState =
	| { readonly status: "connecting" }
	| { readonly status: "resuming" }
	| {
			readonly status: "online";
			readonly resumed?: boolean;
			readonly reason?: string;
	  }
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
			readonly needsToken?: true;
	  };

/** The state of a client that tries to connect. */
export function toTrying({ token }: Pick<Session, "token">): ClientState {
	return { status: token === undefined ? "connecting" : "resuming" };
}

/** The state of a client that has been answered. */
export function toOnline(beginning: Beginning): ClientState {
	const status = "online";
	if (beginning === "new") return { status };
	if (beginning === "resumed") return { status, resumed: true };
	return { status, resumed: false, reason: NOT_RESUMED };
}

const NOT_RESUMED =
	"not resumed: what others said since the last connection is missing";
