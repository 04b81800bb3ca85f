/** What an operator sees of it. */
import { host } from "../kinds/addresses.ts";
import { wholeNumber } from "../kinds/numbers.ts";
import { oneOf } from "../kinds/words.ts";
import type { Setting } from "../setting.ts";

export const WATCH = {
	logLevel: {
		part: "Watch",
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
