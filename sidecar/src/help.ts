/** The look of `--help`. */
import { type Command, Help, type HelpConfiguration } from "commander";
import { Flag } from "./flag.ts";
import type { Setting } from "./setting.ts";

/** How commander prints a subcommand. */
export const HELP: HelpConfiguration = {
	commandUsage: (command) =>
		`matrix-gateway ${isDefault(command) ? `[${command.name()}]` : command.name()} ${inOurWords(command.usage())}`,
	subcommandTerm: (command) => inOurWords(new Help().subcommandTerm(command)),
	optionTerm: (option) =>
		option instanceof Flag ? usageOf(option.setting) : option.flags,
	optionDescription: (option) =>
		option instanceof Flag
			? [describe(option.setting), option.envVar].filter(Boolean).join("\n")
			: option.description,
	// The others: whoever asks the program for help is answered by the default one.
	visibleCommands: (command) =>
		command.parent && isDefault(command)
			? new Help().visibleCommands(command.parent)
			: [],
};

/** Columns, where the terminal has as many. */
export const HELP_WIDTH = 100;

/** A flag with its value's placeholder. */
export function usageOf({ flag, kind }: Setting): string {
	const { placeholder, bare } = kind;
	if (!placeholder) return `--${flag}`;
	return `--${flag} ${bare ? `[${placeholder}]` : `<${placeholder}>`}`;
}

/** The default, as text; empty where there is none. */
export function defaultOf(setting: Setting): string {
	if (setting.defaultText) return setting.defaultText;
	return setting.default === undefined || setting.default === false
		? ""
		: String(setting.default);
}

function describe(setting: Setting): string {
	const notes = [
		setting.repeatable ? "May be repeated." : "",
		defaultOf(setting) && `Default: ${defaultOf(setting)}.`,
	];
	return [setting.help, ...notes].filter(Boolean).join(" ");
}

/** Whether it is the subcommand that needs no word. */
function isDefault(command: Command): boolean {
	return command.parent?.commands[0] === command;
}

function inOurWords(usage: string): string {
	return usage.replace("[options]", "[flags]");
}
