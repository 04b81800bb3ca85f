/** What outlives a process, or is shared by several. */
import { DEFAULTS } from "vite-plugin-matrix-gateway/protocol";
import { DEFAULT_REDIS_PREFIX } from "vite-plugin-matrix-gateway/server";
import { redisUrl } from "../kinds/addresses.ts";
import { folder } from "../kinds/files.ts";
import { milliseconds } from "../kinds/numbers.ts";
import { oneOf, redisPrefix } from "../kinds/words.ts";
import type { Setting } from "../setting.ts";

export const RESTART = {
	data: {
		part: "Restart",
		flag: "data",
		kind: folder,
		help: "Folder in which the world outlives the process; it is made where there is none. Without it the world is in memory.",
	},
	fsync: {
		flag: "fsync",
		kind: oneOf(["second", "always", "never"]),
		default: "second",
		help: "When what happens is brought to the disk itself: each second, before anybody is told of it, or when the system likes. It outlives the process in any case; this is about power cuts.",
	},
	redis: {
		flag: "redis",
		kind: redisUrl,
		secret: true,
		help: "URL of a Redis or Valkey (7 or newer), redis://localhost:6379 or rediss: for TLS: all gateways that name it are one hub. With a password in it better given by the environment: other users of the machine can read a command line.",
	},
	redisPrefix: {
		flag: "redis-prefix",
		kind: redisPrefix,
		default: DEFAULT_REDIS_PREFIX,
		help: "What the names of its keys in Redis begin with.",
	},
	resumeWindow: {
		flag: "resume-window",
		kind: milliseconds,
		default: DEFAULTS.resumeWindow,
		help: "Time for which a dropped client may come back as if nothing had been; 0 offers that to nobody.",
	},
	reconnectAfter: {
		flag: "reconnect-after",
		kind: milliseconds,
		default: DEFAULTS.reconnectAfter,
		help: "Time over which clients spread their return after a shutdown.",
	},
} as const satisfies Record<string, Setting>;
