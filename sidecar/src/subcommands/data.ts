/** `data`: what is in a folder of `--data`, out of it and into it. */
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";
import {
	DataError,
	type DataSummary,
	exportData,
	importData,
	readData,
	readPast,
	worldFolder,
} from "vite-plugin-matrix-gateway/server";
import { writeLine } from "vite-plugin-matrix-gateway/testing";
import { ExitError, UsageError } from "../errors.ts";
import { worldName } from "../gateway-address.ts";
import { toggle } from "../kinds/words.ts";
import type { Setting } from "../setting.ts";
import { Subcommand } from "../subcommand.ts";

const SETTINGS = {
	export: {
		flag: "export",
		kind: toggle,
		default: false,
		help: "Write the world to standard output, as lines of JSON. There is no token in it.",
	},
	import: {
		flag: "import",
		kind: toggle,
		default: false,
		help: "Read such lines from standard input into a folder that has no world yet.",
	},
	jsonl: {
		flag: "jsonl",
		kind: toggle,
		default: false,
		help: "Write what happened to standard output, as lines of JSON for the subcommand play: as far back as the files go, with a time that may be too early.",
	},
	world: {
		flag: "world",
		kind: worldName,
		defaultText: "default",
		help: "The world that is meant, where the gateway has several.",
	},
} as const satisfies Record<string, Setting>;

const DEFAULT_WORLD = "default";

export function createData(): Subcommand {
	const data = new Subcommand("data")
		.summary("Tell what is in a folder of --data, export it, or import it.")
		.description(
			"Tells what is in a folder of --data, which may be in use. Nothing in it is changed, but by --import.",
		)
		.argument("<dir>")
		.addSettings(SETTINGS);
	return data.action(async (folder: string) => {
		const settings = data.readSettings();
		const actions = ["export", "import", "jsonl"].filter(
			(name) => settings[name],
		);
		if (actions.length > 1)
			throw new UsageError(
				`--${actions.join(" and --")} are ${actions.length} things`,
			);
		const { world = DEFAULT_WORLD } = settings;
		const place = worldFolder(folder, String(world));
		await inOneLine(async () => {
			if (settings.import) await importData(place, linesOfInput());
			else if (settings.export) await print(withEnds(exportData(place)));
			else if (settings.jsonl) await print(withEnds(pastOf(place)));
			else await print([describe(place, readData(place))]);
		});
	});
}

async function inOneLine(work: () => Promise<void>): Promise<void> {
	try {
		await work();
	} catch (error) {
		if (error instanceof DataError) throw new ExitError(error.message);
		const { code, syscall } = error as NodeJS.ErrnoException;
		if (syscall === undefined) throw error;
		throw new ExitError(`it cannot be done (${code} in ${syscall})`);
	}
}

function linesOfInput(): AsyncIterable<string> {
	return createInterface({
		input: process.stdin,
		crlfDelay: Number.POSITIVE_INFINITY,
	});
}

function* pastOf(folder: string): Generator<string> {
	for (const line of readPast(folder)) yield writeLine(line);
}

function* withEnds(lines: Iterable<string>): Generator<string> {
	for (const line of lines) yield `${line}\n`;
}

/** As fast as the reader reads, and no more once there is none. */
async function print(texts: Iterable<string>): Promise<void> {
	const { stdout } = process;
	const gone = finished(stdout, { readable: false }).catch(() => "gone");
	for (const text of texts) {
		if (stdout.write(text)) continue;
		const drained = new Promise((resolve) => stdout.once("drain", resolve));
		if ((await Promise.race([drained, gone])) === "gone") return;
	}
}

function describe(folder: string, summary: DataSummary): string {
	const { bytes, files, worlds, last, events } = summary;
	return [
		`${folder}: ${sized(bytes)} in ${counted(files.length, "file")}`,
		...files.map((file) => `  ${file.name} ${sized(file.bytes)}`),
		...(worlds.length === 0 ? ["no world"] : []),
		...worlds.flatMap((world) => [
			`world ${world.name}`,
			`  ${counted(world.agents, "agent")}, ${counted(world.sessions, "session")}, for which ${sized(world.waiting)} wait`,
			`  ${counted(world.retained, "retained message")}, ${sized(world.retainedBytes)}`,
			`  ${counted(world.kept, "broadcast")} kept for sessions`,
			`  ${world.broadcast} routed to all, ${world.directed} to one, ${world.undeliverable} to nobody`,
			`  ${counted(world.commands, "command")} since the snapshot`,
		]),
		...(last.length > 0 ? ["last commands"] : []),
		...last.map((command) => `  ${command}`),
		...events.map((event) => `! ${describeEvent(event)}`),
		"",
	].join("\n");
}

function describeEvent(event: DataSummary["events"][number]): string {
	if (event.event === "damaged") return `${event.file}: ${event.reason}`;
	if (event.event === "tornTail")
		return `${event.file}: ${event.bytes} bytes at its end are no whole entry, or not yet`;
	return event.event;
}

function counted(count: number, what: string): string {
	return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function sized(bytes: number): string {
	if (bytes < 1024) return `${bytes} B`;
	const kib = bytes / 1024;
	return kib < 1024
		? `${kib.toFixed(1)} KiB`
		: `${(kib / 1024).toFixed(1)} MiB`;
}
