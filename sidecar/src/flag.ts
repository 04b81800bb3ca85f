/** A setting as an option of commander, and the way back to the setting's value. */
import { Option } from "commander";
import { quoted, UsageError } from "./errors.ts";
import { type Setting, variableOf } from "./setting.ts";

/** The texts that were given for a flag, in their order; `true` if it was given without one. */
export type Given = true | readonly string[];

/** A flag, and the environment variable that stands for it. */
export class Flag extends Option {
	readonly settingName: string;
	readonly setting: Setting;

	constructor(settingName: string, setting: Setting) {
		super(`--${setting.flag} <value>`, setting.help);
		this.settingName = settingName;
		this.setting = setting;
		this.argParser(collect);
		if (setting.variable !== false) this.env(variableOf(setting));
	}

	/** Whether it takes no value. */
	get isSwitch(): boolean {
		return this.setting.kind.placeholder === undefined;
	}

	/**
	 * The value of what was given.
	 * @throws UsageError that names the flag or the variable.
	 */
	read(given: Given | undefined, fromEnvironment: boolean): unknown {
		const { setting } = this;
		const source = fromEnvironment ? variableOf(setting) : `--${setting.flag}`;
		if (given === true) throw new UsageError(needsValue(source));
		const texts = fromEnvironment ? textsOfVariable(setting, given) : given;
		if (!texts) return setting.default;
		const values = texts.map((text) => parse(setting, source, text));
		return setting.repeatable ? values : values.at(-1);
	}
}

/** What is wrong with a flag that has no value. */
export function needsValue(flag: string): string {
	return `${flag} needs a value (${flag}=… where that begins with a dash)`;
}

/** Not read before all is there: whoever asks for help does not care what is wrong. */
function collect(text: string, before: Given | undefined): Given {
	return before === true || [...(before ?? []), text];
}

/** An empty variable counts as none, save for a secret: nobody means to have an empty one. */
function textsOfVariable(
	{ secret, repeatable }: Setting,
	[text = ""]: readonly string[] = [],
): readonly string[] | undefined {
	if (text.trim() === "" && !secret) return undefined;
	return repeatable ? splitList(text) : [text];
}

function splitList(text: string): string[] {
	return text
		.split(",")
		.map((item) => item.trim())
		.filter((item) => item !== "");
}

function parse({ kind, secret }: Setting, source: string, text: string) {
	const value = kind.parse(text);
	if (value !== undefined) return value;
	const what = secret ? "the value" : quoted(text);
	throw new UsageError(`${source}: ${what} is not ${kind.expected}`);
}
