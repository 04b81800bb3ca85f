/** What the program can be told to do, by the first of its arguments. */
import { Command } from "commander";
import { Flag, needsValue } from "./flag.ts";
import type { Setting } from "./setting.ts";

/** All there are; the first one needs no word. */
export type Subcommands = readonly [Subcommand, ...Subcommand[]];

/**
 * A subcommand whose flags are settings. Not with `option()`: the texts of commander's own errors
 * show the values that were given, tokens too.
 */
export class Subcommand extends Command {
	constructor(name: string) {
		super(name);
		this.optionsGroup(FLAGS).helpOption("--help", "Print this text.");
	}

	/** Adds a flag and an environment variable for each setting of a table. */
	addSettings(table: Readonly<Record<string, Setting>>): this {
		for (const [name, setting] of Object.entries(table)) {
			if (setting.part) this.optionsGroup(`${setting.part}:`);
			this.addOption(new Flag(name, setting));
		}
		this.optionsGroup(FLAGS);
		return this;
	}

	get flags(): Flag[] {
		return this.options.filter((option) => option instanceof Flag);
	}

	/**
	 * The value of each setting that was given or has a default, by its name in the table.
	 * @throws UsageError that names the flag or the variable.
	 */
	readSettings(): Record<string, unknown> {
		const values = this.flags.map((flag) => {
			const key = flag.attributeName();
			const fromEnvironment = this.getOptionValueSource(key) === "env";
			const value = flag.read(this.getOptionValue(key), fromEnvironment);
			return [flag.settingName, value] as const;
		});
		return Object.fromEntries(
			values.filter(([, value]) => value !== undefined),
		);
	}

	/** What is wrong with the first flag that got no value, if there is one. */
	get missingValue(): string | undefined {
		const flag = this.flags.find(
			(other) => this.getOptionValue(other.attributeName()) === true,
		);
		return flag && needsValue(`--${flag.setting.flag}`);
	}

	/** Whether the next argument is the value of this one. */
	takesNext(argument: string | undefined): boolean {
		return this.findFlag(argument)?.isSwitch === false;
	}

	override parseOptions(args: string[]): ReturnType<Command["parseOptions"]> {
		const end = args.indexOf("--");
		const options = end < 0 ? args : args.slice(0, end);
		return super.parseOptions([
			...options.flatMap((argument, index) =>
				this.spellOut(argument, args[index + 1]),
			),
			...args.slice(options.length),
		]);
	}

	/** In the form in which commander understands it as we do. */
	private spellOut(argument: string, next = "-"): string[] {
		// Commander would take the next flag for the value: --token --port=1.
		if (this.takesNext(argument) && next.startsWith("-")) {
			const bare = this.findFlag(argument)?.setting.kind.bare;
			return bare ? [`${argument}=${bare}`] : this.leaveWithoutValue(argument);
		}
		const [name = ""] = argument.split("=", 1);
		if (!/^--./.test(name)) return [argument];
		// And it would seek a switch's position in the next argument.
		const position = name === argument ? this.positionOf(name) : undefined;
		if (position) return [position];
		// The nearest name is that to the name alone.
		return [this.findFlag(name) ? argument : name];
	}

	private leaveWithoutValue(argument: string): [] {
		const key = this.findFlag(argument)?.attributeName();
		if (key) this.setOptionValueWithSource(key, true, "cli");
		return [];
	}

	/** A switch with its value; or what is one where nothing follows it. */
	private positionOf(name: string): string | undefined {
		const on = name.replace(/^--no-/, "--");
		const flag = this.findFlag(on);
		if (flag?.isSwitch) return `${on}=${on === name}`;
		return flag?.setting.kind.bare && on !== name ? `${on}=false` : undefined;
	}

	private findFlag(name: string | undefined): Flag | undefined {
		return this.flags.find(({ long }) => long === name);
	}
}

/** What the help calls those that are in no part of it. */
const FLAGS = "Flags:";
