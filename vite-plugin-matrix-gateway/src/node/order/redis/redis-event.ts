/** What happened to a world that is in Redis, for a log. Nothing in it is secret. */
export type RedisEvent =
	| (StandingEvent & {
			/** Where it is, `host:port`. */
			readonly redis: string;
	  })
	| {
			/** Redis has lost some of the world's history, and this node has begun the next part of it. */
			readonly event: "historyLost";
			readonly epoch: number;
			readonly reason: string;
	  };

export type StandingEvent =
	| {
			/** What is appended is not applied for now: Redis is away, or slow, or there is much to read. */
			readonly event: "behind";
			readonly reason: string;
	  }
	| {
			/** It is not behind any more. */
			readonly event: "caughtUp";
			/** For which it was behind. */
			readonly milliseconds: number;
	  };
