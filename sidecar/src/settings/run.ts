/** What it serves, and where. */
import { DEFAULTS } from "vite-plugin-matrix-gateway/protocol";
import { host, path } from "../kinds/addresses.ts";
import { directory } from "../kinds/files.ts";
import { count, milliseconds, wholeNumber } from "../kinds/numbers.ts";
import { oneOf, toggle, worldNames } from "../kinds/words.ts";
import type { Setting } from "../setting.ts";

export const RUN = {
	port: {
		part: "Run",
		flag: "port",
		kind: wholeNumber(0, 65_535, "port"),
		default: DEFAULTS.port,
		help: "TCP port to listen on; 0 takes a free one.",
	},
	host: {
		flag: "host",
		kind: host,
		defaultText:
			"`0.0.0.0` where clients must offer a token, else localhost alone: `127.0.0.1` and `::1`",
		help: "Address to listen on; 0.0.0.0 is all of IPv4, :: is IPv6 and IPv4.",
	},
	path: {
		flag: "path",
		kind: path,
		default: DEFAULTS.path,
		help: "Path of the WebSocket, exact.",
	},
	static: {
		flag: "static",
		kind: directory,
		help: "Directory of the built 3D client, served at /.",
	},
	agents: {
		flag: "agents",
		kind: directory,
		help: "Directory of your own agents, as `vite build` makes them: each .js and .mjs in it runs in a thread of its own, and begins anew 1 to 60 seconds after it has failed.",
	},
	worlds: {
		flag: "worlds",
		kind: worldNames,
		help: "Worlds besides default, separated by commas, each a hub of its own at the path of the WebSocket with a slash and its name; '*' makes each at its first use.",
	},
	maxWorlds: {
		flag: "max-worlds",
		kind: count,
		default: DEFAULTS.maxWorlds,
		help: "Worlds that were made at their first use, at once; who asks for one more is refused.",
	},
	worldIdle: {
		flag: "world-idle",
		kind: milliseconds,
		default: DEFAULTS.worldIdle,
		help: "Time for which such a world is kept that nobody is in, with what it has retained; what is in a folder stays there.",
	},
	retain: {
		flag: "retain",
		kind: oneOf(["matrix"]),
		help: "matrix keeps the Matrix's own states and scenes for those who come late.",
	},
	echo: {
		flag: "echo",
		kind: toggle,
		default: false,
		help: "Send broadcasts to their sender too.",
	},
	mirrorVisual: {
		flag: "mirror-visual",
		kind: toggle,
		default: false,
		help: "Copy directed visual messages to browsers.",
	},
} as const satisfies Record<string, Setting>;
