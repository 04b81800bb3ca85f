/** From arguments and environment to settings, or to one line that says what is wrong. */
import { parseArgs } from "node:util";
import {
	SETTINGS,
	type Setting,
	type Settings,
	VARIABLE_PREFIX,
	variableOf,
} from "./settings.ts";

/** What the operator asks for. */
export type Command =
	| { readonly action: "help" }
	| { readonly action: "version" }
	| {
			readonly action: "serve";
			readonly settings: Settings;
			/** Variables that begin as ours do and are not; most likely misspelled. */
			readonly unknownVariables: readonly string[];
	  };

/** As `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A mistake on the command line or in the environment; its message is one line and holds no token. */
export class UsageError extends Error {}

/**
 * Reads what the operator asks for. A flag wins over its environment variable.
 * @throws UsageError that names the flag or the variable.
 */
export function readCommand(
	args: readonly string[],
	environment: Environment,
): Command {
	const tokens = tokenize(args);
	const asked = (name: string) =>
		tokens.some((token) => token.kind === "option" && token.name === name);
	if (asked("help")) return { action: "help" };
	if (asked("version")) return { action: "version" };
	return {
		action: "serve",
		settings: readSettings(flagsOf(tokens), environment),
		unknownVariables: findUnknownVariables(environment),
	};
}

type Token = ReturnType<typeof tokenize>[number];
type Entry = readonly [name: string, setting: Setting];

/** The text that was given for a setting, and where. */
interface Given {
	readonly source: string;
	readonly texts: readonly string[];
}

const ENTRIES: readonly Entry[] = Object.entries(SETTINGS);

/** Not strict: Node's own messages span lines and would show a token that lost its flag. */
function tokenize(args: readonly string[]) {
	const options = ENTRIES.filter(([, { kind }]) => kind.placeholder).map(
		([, { flag }]) => [flag, { type: "string" }] as const,
	);
	return parseArgs({
		args: [...args],
		options: Object.fromEntries(options),
		strict: false,
		tokens: true,
	}).tokens;
}

function flagsOf(tokens: readonly Token[]): Map<string, string[]> {
	const flags = new Map<string, string[]>();
	for (const token of tokens) {
		const { flag, text } = readFlag(token);
		flags.set(flag, [...(flags.get(flag) ?? []), text]);
	}
	return flags;
}

function readFlag(token: Token): { flag: string; text: string } {
	if (token.kind !== "option")
		// Not shown: it may be a token that lost its flag.
		throw new UsageError(
			`argument ${token.index + 1} is not a flag, and no flag before it takes it`,
		);
	const { name, rawName, value, inlineValue } = token;
	if (isSwitch(name)) return { flag: name, text: value ?? "true" };
	if (name.startsWith("no-") && isSwitch(name.slice(3)) && value === undefined)
		return { flag: name.slice(3), text: "false" };
	if (!ENTRIES.some(([, { flag }]) => flag === name))
		throw new UsageError(`unknown flag ${shown(rawName)}`);
	if (value === undefined || (!inlineValue && value.startsWith("-")))
		throw new UsageError(
			`${rawName} needs a value (${rawName}=… where that begins with a dash)`,
		);
	return { flag: name, text: value };
}

function isSwitch(name: string): boolean {
	return ENTRIES.some(
		([, { flag, kind }]) => flag === name && !kind.placeholder,
	);
}

function readSettings(
	flags: ReadonlyMap<string, readonly string[]>,
	environment: Environment,
): Settings {
	const values: Record<string, unknown> = {};
	for (const [name, setting] of ENTRIES) {
		const texts = flags.get(setting.flag);
		const given = texts
			? { source: `--${setting.flag}`, texts }
			: readVariable(setting, environment);
		const value = given ? readValue(setting, given) : setting.default;
		if (value !== undefined) values[name] = value;
	}
	return values as Settings;
}

/** An empty variable counts as none, save for a secret: nobody means to have an empty one. */
function readVariable(
	setting: Setting,
	environment: Environment,
): Given | undefined {
	const source = variableOf(setting);
	const text = environment[source];
	if (text === undefined || (text.trim() === "" && !setting.secret))
		return undefined;
	return { source, texts: setting.repeatable ? splitList(text) : [text] };
}

function splitList(text: string): string[] {
	return text
		.split(",")
		.map((item) => item.trim())
		.filter((item) => item !== "");
}

function readValue(setting: Setting, given: Given): unknown {
	const values = given.texts.map((text) => parse(setting, given.source, text));
	return setting.repeatable ? values : values.at(-1);
}

function parse({ kind, secret }: Setting, source: string, text: string) {
	const value = kind.parse(text);
	if (value !== undefined) return value;
	const what = secret ? "the value" : shown(text);
	throw new UsageError(`${source}: ${what} is not ${kind.expected}`);
}

function findUnknownVariables(environment: Environment): string[] {
	const known = new Set(ENTRIES.map(([, setting]) => variableOf(setting)));
	return Object.keys(environment)
		.filter((name) => name.startsWith(VARIABLE_PREFIX) && !known.has(name))
		.sort();
}

/** On one line, and not for ever. */
function shown(text: string): string {
	return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
