import type { LeftReason } from "../protocol/protocol.ts";

/** What happened in a world, for a host's log. `agentId` and `role` have been checked [REG1], so they fit on a line. */
export type WorldEvent =
	| {
			readonly event: "joined";
			readonly connectionId: string;
			readonly agentId: string;
			readonly role: string;
	  }
	| {
			readonly event: "left";
			readonly connectionId: string;
			readonly agentId: string;
			readonly role: string;
			readonly reason: LeftReason;
	  }
	| {
			/** Another connection took the name over [REG5]. */
			readonly event: "replaced";
			readonly connectionId: string;
			readonly agentId: string;
			/** The connection that has it now. */
			readonly by: string;
	  }
	| {
			/** A client came back, with all its agents [RES3]. */
			readonly event: "resumed";
			readonly connectionId: string;
			/** The connection that it had before. */
			readonly from: string;
	  }
	| {
			/**
			 * A client came back and could not go on [RES4]: its session is not known, some of what it
			 * has not got is gone, or it has got more than is known of.
			 */
			readonly event: "notResumed";
			readonly connectionId: string;
			readonly agentId: string;
			readonly reason: "unknown" | "gone" | "beyond";
	  }
	| {
			/** So many tokens are revoked that the one that was revoked first is forgotten [AUTH5]. */
			readonly event: "unrevoked";
	  }
	| {
			/** A connection is gone; its agents stay while its session waits [RES3]. */
			readonly event: "detached";
			readonly connectionId: string;
	  };
