/** What the two sides of an agent's thread say to each other. */
import type { Kept } from "../client/session-keeper.ts";
import type { DescribedError } from "./described-error.ts";

/** What a run leaves for the next one, of the same agent. */
export interface LeftSession {
	readonly agentId: string;
	readonly world: string | undefined;
	readonly kept: Kept;
}

/** What a thread is begun with, as its `workerData`. */
export interface ThreadData {
	/** Tells our threads from those of others that run the same file. */
	readonly matrixAgent: {
		/** What it is called where its file says nothing else, and on the console. */
		readonly name: string;
		/** What to load: a path of the file system, or what else the thread's loader makes of it. */
		readonly entry: string;
		readonly left: LeftSession | undefined;
	};
}

/** From the process to the thread. */
export type ToThread =
	| { readonly type: "ping" }
	/** Begin the agent anew, of what is loaded. */
	| { readonly type: "again" }
	/** End the run; `leaves`: for good, so that nobody waits for it. */
	| { readonly type: "stop"; readonly leaves: boolean }
	| ({ readonly type: "socket"; readonly id: number } & ToSocket)
	/** For who loads its modules. */
	| { readonly type: "loader"; readonly payload: unknown };

/** To one socket of the thread's. */
export type ToSocket =
	| { readonly is: "open" }
	| { readonly is: "frames"; readonly frames: Uint8Array }
	| { readonly is: "ping" }
	/** The gateway closes it: the thread answers with `closed` after what it has sent. */
	| { readonly is: "close"; readonly code: number; readonly reason: string }
	/** It is over. */
	| { readonly is: "over"; readonly code: number; readonly reason: string };

/** From the thread to the process. */
export type FromThread =
	| { readonly type: "pong" }
	/** A run has begun. */
	| { readonly type: "began"; readonly agentId: string }
	/** Its file could not be loaded, or is no agent. */
	| {
			readonly type: "unloadable";
			readonly error: DescribedError;
			/** Whether the run before goes on. */
			readonly goesOn: boolean;
	  }
	/** The run is over by this error. */
	| { readonly type: "failed"; readonly error: DescribedError }
	/** An error that nobody has caught, and that has ended no run. */
	| { readonly type: "uncaught"; readonly error: DescribedError }
	/** What else its author should know. */
	| { readonly type: "warned"; readonly text: string }
	/** It calls `process.exit()`, and leaves this to the next thread. */
	| { readonly type: "left"; readonly left: LeftSession }
	/** What it loads hangs: another thread is to go on with this. */
	| { readonly type: "givenUp"; readonly left: LeftSession | undefined }
	| { readonly type: "stopped"; readonly left: LeftSession | undefined }
	| ({ readonly type: "socket"; readonly id: number } & FromSocket)
	| { readonly type: "loader"; readonly payload: unknown };

/** From one socket of the thread's. */
export type FromSocket =
	| {
			readonly is: "open";
			readonly agentId: string;
			readonly world: string | undefined;
	  }
	| { readonly is: "send"; readonly text: string }
	/** So many bytes of frames were read. */
	| { readonly is: "taken"; readonly bytes: number }
	| { readonly is: "pong" }
	| { readonly is: "close"; readonly code: number; readonly reason: string };
