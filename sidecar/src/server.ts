/** The entry: one subcommand, and its exit code; or one of the agents, in its own thread. */
import { runAgentThread } from "vite-plugin-matrix-gateway/agents";
import { runCommandLine } from "./command-line.ts";
import { ExitError } from "./errors.ts";
import { createSubcommands } from "./subcommands.ts";

try {
	if (!runAgentThread())
		await runCommandLine(process.argv.slice(2), createSubcommands());
} catch (error) {
	if (!(error instanceof ExitError)) throw error;
	process.stderr.write(`matrix-gateway: ${error.message}\n`);
	// At once: signal handlers, or a handle of the server that did not listen, may remain.
	process.exit(error.exitCode);
}
