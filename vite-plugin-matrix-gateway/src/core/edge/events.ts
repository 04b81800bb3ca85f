import type { EndReason } from "../world/effects.ts";
import type { WorldEvent } from "../world/events.ts";
import type { Loudest } from "./loudest.ts";

/**
 * What happened, for a host's log. Nothing in it is secret: no token, no payload.
 */
export type GatewayEvent =
	| {
			readonly event: "connected";
			readonly connectionId: string;
			/** Of its grant, where that has one. */
			readonly name?: string;
	  }
	| WorldEvent
	| {
			/** The gateway ends a connection: why is in the code and its reason [CL1]. */
			readonly event: "closing";
			readonly connectionId: string;
			readonly code: number;
			readonly reason: string;
			/** Only with 4201: who has sent the most lately, of those who are there yet. */
			readonly loudest?: Loudest;
	  }
	| {
			readonly event: "disconnected";
			readonly connectionId: string;
			/** The close code that was seen; 1006 where there was none. */
			readonly code: number;
	  }
	| {
			/** An error of the gateway's own ended a connection, and that one alone [ERR3]. */
			readonly event: "failed";
			readonly connectionId: string;
			readonly error: unknown;
	  }
	| {
			/** This node is out of its world: it has told its clients to come back [SH6]. */
			readonly event: "ended";
			readonly code: EndReason["code"];
			readonly reason: string;
	  };
