/** From arguments to the subcommand that is meant, or to one line that says what is wrong. */
import { Command, CommanderError } from "commander";
import { UsageError } from "./errors.ts";
import { HELP, HELP_WIDTH } from "./help.ts";
import { explainMisuse, explainUnknown } from "./misuse.ts";
import type { Subcommands } from "./subcommand.ts";

/**
 * Does what the arguments and `process.env` ask for, and resolves when it is done; a server is
 * when it listens.
 * @throws ExitError
 */
export async function runCommandLine(
	args: readonly string[],
	subcommands: Subcommands,
): Promise<void> {
	const name = subcommands[0].name();
	try {
		const program = createProgram(args, subcommands);
		await program.parseAsync(route(args, name), { from: "user" });
	} catch (error) {
		if (error instanceof UsageError)
			throw new UsageError(
				`${error.message}; see ${helpFor(args, subcommands)}`,
			);
		// Help or the version: it is printed.
		if (!(error instanceof CommanderError && error.exitCode === 0)) throw error;
	}
}

/** Flags alone are those of the default one; `help` finds no name that is near an unknown one. */
function route(args: readonly string[], defaultName: string): string[] {
	const [first, second] = args;
	if (first === "help" && isWord(second)) return [second, "--help"];
	return isWord(first) ? [...args] : [defaultName, ...args];
}

function isWord(argument: string | undefined): argument is string {
	return argument !== undefined && !argument.startsWith("-");
}

function createProgram(
	args: readonly string[],
	subcommands: Subcommands,
): Command {
	const program = new Command("matrix-gateway")
		.helpOption(false)
		.commandsGroup("Subcommands:")
		.helpCommand(
			"help [subcommand]",
			"Print what a subcommand does, and its flags.",
		)
		.configureHelp({ formatHelp: () => subcommands[0].helpInformation() })
		.configureOutput(OUTPUT)
		.exitOverride((error) => {
			throw explainUnknown(error, program, args);
		});
	for (const subcommand of subcommands)
		program.addCommand(
			subcommand
				.configureHelp(HELP)
				.configureOutput(OUTPUT)
				.exitOverride((error) => {
					throw explainMisuse(error, subcommand, args);
				}),
		);
	return program;
}

const OUTPUT = {
	getOutHelpWidth: () =>
		Math.min(process.stdout.columns ?? HELP_WIDTH, HELP_WIDTH),
	// Whoever gets our errors prints them, in our words.
	outputError: () => {},
};

function helpFor([first]: readonly string[], subcommands: Subcommands): string {
	const named = subcommands.slice(1).find((other) => other.name() === first);
	return named ? `matrix-gateway ${first} --help` : "--help";
}
