/** What a developer sees of an error that broke the gateway's state [ERR3]. */
import type { ErrorPayload, Logger, ViteDevServer } from "vite";
import { PLUGIN_NAME } from "./conflicts.ts";
import { BROKEN, logBroken } from "./logging.ts";

/** Tells it where a person looks: on the console and, where there is one, over the page. */
export function tellBroken(
	logger: Logger,
	overlay: ViteDevServer["ws"] | undefined,
	error: unknown,
): void {
	logBroken(logger, error);
	// Vite keeps it for the next page where none is open.
	overlay?.send(payloadOf(error));
}

function payloadOf(error: unknown): ErrorPayload {
	const message = error instanceof Error ? error.message : String(error);
	return {
		type: "error",
		err: {
			message: `${message}\n\n${BROKEN}`,
			stack: error instanceof Error ? framesOf(error) : "",
			plugin: PLUGIN_NAME,
		},
	};
}

/** The overlay shows the message above the stack, which begins with it as well. */
function framesOf({ stack = "" }: Error): string {
	return stack.replace(/^[\s\S]*?(?=^ {4}at )/m, "");
}
