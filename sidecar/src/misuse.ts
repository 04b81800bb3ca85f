/**
 * What is wrong with the arguments, in our words: commander's show what was given, and that may be
 * a token.
 */
import { type Command, type CommanderError, Help } from "commander";
import { quoted, UsageError } from "./errors.ts";
import type { Subcommand } from "./subcommand.ts";

/** From what ends the program before a subcommand was found. */
export function explainUnknown(
	error: CommanderError,
	program: Command,
	args: readonly string[],
): Error {
	if (error.exitCode === 0) return error;
	const index = args.indexOf(program.args[0] ?? "");
	return new UsageError(
		`argument ${index + 1} is not a flag, nor a subcommand${suggestionOf(error)}`,
	);
}

/** From what ends a subcommand before its action. */
export function explainMisuse(
	error: CommanderError,
	subcommand: Subcommand,
	args: readonly string[],
): Error {
	if (error.exitCode === 0) return error;
	// What seems unknown may be the value, with a dash, of the flag before it.
	const problem = subcommand.missingValue ?? problemOf(error, subcommand, args);
	return new UsageError(problem);
}

function problemOf(
	error: CommanderError,
	subcommand: Subcommand,
	args: readonly string[],
): string {
	switch (error.code) {
		case "commander.unknownOption":
			return `unknown flag ${unknownFlag(subcommand)}${suggestionOf(error)}`;
		case "commander.excessArguments":
			return explainExcess(subcommand, args);
		case "commander.missingArgument":
			return `${subcommand.name()} needs ${missingArgument(subcommand)}`;
		default:
			return `the arguments are not what ${subcommand.name()} needs (${error.code})`;
	}
}

/** Without what may be a value, even where nothing separates them. */
function unknownFlag(subcommand: Subcommand): string {
	const given =
		subcommand.args.find((argument) => argument.startsWith("-")) ?? "";
	if (!given.startsWith("--")) return quoted([...given].slice(0, 2).join(""));
	const [name = ""] = given.split("=", 1);
	const secret = subcommand.flags.find(
		({ setting, long = "" }) => setting.secret && name.startsWith(long),
	);
	return quoted(secret ? `${secret.long}…` : name.replace(/ .*/s, " …"));
}

/** Not shown: it may be a token that lost its flag. */
function explainExcess(
	subcommand: Subcommand,
	args: readonly string[],
): string {
	const excess = subcommand.args[subcommand.registeredArguments.length] ?? "";
	const index = args.findLastIndex(
		(argument, at) =>
			argument === excess && !subcommand.takesNext(args[at - 1]),
	);
	const others = subcommand.parent
		? new Help().visibleCommands(subcommand.parent)
		: [];
	return others.some((other) => other.name() === excess)
		? `argument ${index + 1} is a subcommand, which has to come first`
		: `argument ${index + 1} is not a flag, and no flag before it takes it`;
}

function missingArgument({ args, registeredArguments }: Subcommand): string {
	return `<${registeredArguments[args.length]?.name()}>`;
}

/** Commander says it in its text alone. */
function suggestionOf({ message }: CommanderError): string {
	const nearest = /\n\(Did you mean (.+)\?\)$/.exec(message)?.[1];
	return nearest ? `; did you mean ${nearest}?` : "";
}
