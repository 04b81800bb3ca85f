import { SETTINGS, type Setting, variableOf } from "./settings.ts";

/** What `--help` prints. */
export function helpText(): string {
	const settings: Setting[] = Object.values(SETTINGS);
	return [
		"Usage: matrix-gateway [flags]",
		"",
		"A WebSocket hub where AI agents and browsers meet in one live world.",
		"",
		"Each flag has an environment variable, named below it; the flag wins.",
		"A switch is turned off by --no- before its name.",
		"",
		...settings.flatMap(describe),
		...entry("--help", "Print this text."),
		...entry("--version", "Print the version."),
		"",
	].join("\n");
}

/** A flag with its value's placeholder. */
export function usageOf({ flag, kind }: Setting): string {
	return kind.placeholder ? `--${flag} <${kind.placeholder}>` : `--${flag}`;
}

/** The default, as text; empty where there is none. */
export function defaultOf(setting: Setting): string {
	if (setting.defaultText) return setting.defaultText;
	return setting.default === undefined || setting.default === false
		? ""
		: String(setting.default);
}

const INDENT = 36;
const WIDTH = 100;

function describe(setting: Setting): string[] {
	const notes = [
		setting.repeatable ? "May be repeated." : "",
		defaultOf(setting) && `Default: ${defaultOf(setting)}.`,
	];
	const text = [setting.help, ...notes].filter(Boolean).join(" ");
	return entry(usageOf(setting), text, variableOf(setting));
}

function entry(usage: string, text: string, variable?: string): string[] {
	const lines = wrap(text, WIDTH - INDENT);
	if (variable) lines.push(variable);
	return lines.map((line, index) => {
		const start = index === 0 ? `  ${usage}` : "";
		return `${start.padEnd(INDENT)}${line}`;
	});
}

function wrap(text: string, width: number): string[] {
	const lines = [""];
	for (const word of text.split(" ")) {
		const line = lines.at(-1) ?? "";
		if (line === "") lines[lines.length - 1] = word;
		else if (line.length + 1 + word.length <= width)
			lines[lines.length - 1] = `${line} ${word}`;
		else lines.push(word);
	}
	return lines;
}
