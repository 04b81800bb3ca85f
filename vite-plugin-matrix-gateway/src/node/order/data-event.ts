/** What happened to a data folder, for a log. Nothing in it is secret: no token, no payload. */
export type DataEvent =
	| {
			/** The world is what it was when the process before this one ended. */
			readonly event: "restored";
			readonly folder: string;
			readonly agents: number;
			readonly retained: number;
			/** Commands that were applied to the snapshot. */
			readonly commands: number;
			readonly milliseconds: number;
	  }
	| {
			/** The process before this one was stopped while it wrote: its last entry is not whole. */
			readonly event: "tornTail";
			readonly file: string;
			/** What is not read of the file. */
			readonly bytes: number;
	  }
	| {
			/** A file is not as it was written: what is lost is said, and kept in the folder `damaged`. */
			readonly event: "damaged";
			readonly file: string;
			readonly reason: string;
	  }
	| {
			/** The world goes on in memory alone. */
			readonly event: "degraded";
			readonly reason: string;
	  }
	| {
			/** All of the world is on the disk again. */
			readonly event: "durable";
	  };
