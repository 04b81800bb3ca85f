/** What an operator sees of it. */
import { host } from "../kinds/addresses.ts";
import { wholeNumber } from "../kinds/numbers.ts";
import { oneOf, toggle } from "../kinds/words.ts";
import type { Setting } from "../setting.ts";

export const WATCH = {
	console: {
		part: "Watch",
		flag: "console",
		kind: toggle,
		default: false,
		help: "Serve the console at /__matrix/: a page that shows who is connected and what is said, sends, disconnects, revokes and drains. It asks for a token whose grant says operate; what is said to one agent alone it shows to a grant that says overhear.",
	},
	logLevel: {
		flag: "log-level",
		kind: oneOf(["debug", "info", "warn", "error", "fatal", "silent"]),
		default: "info",
		help: "Least level that is logged: debug, info, warn, error, fatal or silent.",
	},
	logFormat: {
		flag: "log-format",
		kind: oneOf(["json", "pretty"]),
		defaultText: "pretty on a terminal, else json",
		help: "json, one object a line, or pretty, for people.",
	},
	metricsPort: {
		flag: "metrics-port",
		kind: wholeNumber(0, 65_535, "port"),
		help: "TCP port at which nothing but /metrics is answered, in plain HTTP and without a token; 0 takes a free one. At --port it is answered in any case, for the token.",
	},
	metricsHost: {
		flag: "metrics-host",
		kind: host,
		default: "127.0.0.1",
		help: "Address of that port. Whoever reaches it reads the metrics.",
	},
} as const satisfies Record<string, Setting>;
