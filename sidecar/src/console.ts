/** The operator's console. */
import {
	type ConsoleSettings,
	worldFolder,
} from "vite-plugin-matrix-gateway/server";
import type { Logger } from "./logging.ts";
import type { Settings } from "./settings.ts";

/** Whether it is served; what it ends is the process, as an operator at its terminal would. */
export function consoleOf({
	console,
	data,
}: Pick<Settings, "console" | "data">): ConsoleSettings | false {
	if (!console) return false;
	return {
		drain: () => void process.emit("SIGTERM", "SIGTERM"),
		...(data !== undefined && { dataOf: (world) => worldFolder(data, world) }),
	};
}

/** Without a grant that says so nobody may use it: better told at the start than by a page. */
export function warnOfConsole(
	log: Logger,
	{ console, tokens, jwtSecret, jwtJwks }: Settings,
): void {
	if (console && (tokens ?? jwtSecret ?? jwtJwks) === undefined)
		log.warn(
			{ event: "console" },
			"--console is for a token whose grant says operate, and without --tokens or JSON Web Tokens nobody has one: matrix-gateway new-token --operate makes it",
		);
}
