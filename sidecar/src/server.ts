/** The entry: one subcommand, and its exit code. */
import { runCommandLine } from "./command-line.ts";
import { ExitError } from "./errors.ts";
import { createSubcommands } from "./subcommands.ts";

try {
	await runCommandLine(process.argv.slice(2), createSubcommands());
} catch (error) {
	if (!(error instanceof ExitError)) throw error;
	process.stderr.write(`matrix-gateway: ${error.message}\n`);
	// At once: signal handlers, or a handle of the server that did not listen, may remain.
	process.exit(error.exitCode);
}
