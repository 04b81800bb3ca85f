/** The entry: one command, and its exit code. */
import packageJson from "../package.json" with { type: "json" };
import { type Command, readCommand, UsageError } from "./command-line.ts";
import { helpText } from "./help.ts";
import { ListenError } from "./listening.ts";
import { startSidecar } from "./sidecar.ts";

try {
	await run(readCommand(process.argv.slice(2), process.env));
} catch (error) {
	if (error instanceof UsageError) fail(2, `${error.message}; see --help`);
	else if (error instanceof ListenError) fail(1, error.message);
	else throw error;
}

async function run(command: Command): Promise<void> {
	if (command.action === "serve") await startSidecar(command);
	else
		process.stdout.write(
			command.action === "help" ? helpText() : `${packageJson.version}\n`,
		);
}

function fail(exitCode: number, message: string): void {
	process.stderr.write(`matrix-gateway: ${message}\n`);
	// At once: signal handlers, or a handle of the server that did not listen, may remain.
	process.exit(exitCode);
}
