/** What happened, as the files of a folder have it. */
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createMatrixClient } from "../../../src/client/create-client.ts";
import { resolveOptions } from "../../../src/core/protocol/options.ts";
import { createGateway } from "../../../src/node/create-gateway.ts";
import { readPast } from "../../../src/node/data/past.ts";
import { memoryWebSocket } from "../../../src/node/memory-socket.ts";
import { NODE_DISK } from "../../../src/node/order/disk.ts";
import { createEntryLog } from "../../../src/node/order/entry-log.ts";
import { until } from "../../support/until.ts";
import { life, retain } from "../order/support/commands.ts";
import {
	copyFolder,
	createFolder,
	filesOf,
} from "../order/support/data-folder.ts";
import { startProcess } from "../order/support/process.ts";

/** A process in which ada says one thing that is kept, and one to herself. */
async function live(data: string, n: number): Promise<void> {
	const gateway = createGateway({ data });
	const client = createMatrixClient({
		...{ url: "ws://here", agentId: "ada", resume: false },
		WebSocket: memoryWebSocket((socket) => gateway.open(socket)),
	});
	client.send({ type: "note", n, retain: { key: "n" } });
	await client.deliver("ada", { type: "note", n });
	client.dispose();
	await until(
		() => gateway.status().agents.length,
		(count) => count === 0,
	);
	await gateway.close();
}

const happened = (folder: string) =>
	[...readPast(folder)].map(({ at: _, ...happening }) => happening);

const note = (n: number) => ({
	...{ what: "message", from: "ada" },
	text: JSON.stringify({ type: "note", n, retain: { key: "n" } }),
});

const ada = { agentId: "ada", role: "agent" };

test("it has what was said, to whom, who came and who left, across restarts", async () => {
	const folder = createFolder();
	await live(folder, 1);
	await live(folder, 2);
	const past = happened(folder);
	const said = past.filter(({ what }) => what === "message");
	expect(said).toContainEqual(note(2));
	expect(said).toContainEqual(
		expect.objectContaining({ from: "ada", to: "ada" }),
	);
	expect(past).toContainEqual({ what: "joined", ...ada });
	expect(past).toContainEqual({ what: "left", ...ada, reason: "closed" });
	expect(past[0]).toMatchObject({ what: "here", agents: [] });
	const times = [...readPast(folder)].map(({ at }) => at);
	expect(times).toEqual(times.toSorted());
});

test("where files are missing it begins with what was there, and says so", async () => {
	const folder = createFolder();
	await live(folder, 1);
	await live(folder, 2);
	expect(filesOf(folder, "log").length).toBeGreaterThan(1);
	const [oldest = ""] = filesOf(folder, "log");
	const before = happened(folder);
	rmSync(oldest);
	const after = happened(folder);
	expect(after.length).toBeLessThan(before.length);
	expect(after[0]).toMatchObject({ what: "here" });
});

/** A folder with one log, in which timmy says 1 and 2, and how far it goes before 2 and after it. */
function killed() {
	const folder = createFolder();
	const process = startProcess(folder);
	const log = filesOf(folder, "log")[0] as string;
	const ends = [life("timmy", 0), say(1), say(2)].map((commands) => {
		process.append(...commands);
		process.order.keep?.();
		return statSync(log).size;
	});
	return {
		folder: copyFolder(folder),
		before: ends[1] ?? 0,
		end: ends[2] ?? 0,
	};
}

const say = (n: number) => [retain("timmy", `${n}`, { type: "note", n })];

interface Place {
	readonly log: number;
	readonly bytes: number;
}

/** Adds a log that goes on from so many bytes of another, in which timmy says a number. */
function goOn(
	folder: string,
	{ log, bytes }: Place,
	generation: number,
	n: number,
) {
	const added = createEntryLog(
		{ disk: NODE_DISK, folder, node: "n1", options: resolveOptions() },
		generation,
		{ generation: log, bytes },
	);
	added.write(say(n));
	added.close();
}

/** What was said, by its number, and where it has missed something. */
const heard = (folder: string) =>
	[...readPast(folder)].flatMap((line) => {
		if (line.what === "missed") return ["missed"];
		return line.what === "message" ? [JSON.parse(line.text).n] : [];
	});

test.each<[string, (bytes: Buffer, before: number) => Buffer]>([
	["is broken in the middle", (bytes, at) => bytes.fill(1, at + 4, at + 5)],
	["is cut short", (bytes, at) => bytes.subarray(0, at + 20)],
])("where a log %s what goes on from its end is missed", (_, damage) => {
	const { folder, before, end } = killed();
	goOn(folder, { log: 1, bytes: end }, 2, 3);
	expect(heard(folder)).toEqual([1, 2, 3]);
	const [first = ""] = filesOf(folder, "log");
	writeFileSync(first, damage(readFileSync(first), before));
	expect(heard(folder)).toEqual([1, "missed"]);
});

test("where the last log has a hole it is told, and a torn end is none", () => {
	const { folder, before, end } = killed();
	const [log = ""] = filesOf(folder, "log");
	const whole = readFileSync(log);
	writeFileSync(log, whole.subarray(0, end - 1));
	expect(heard(folder)).toEqual([1]);
	writeFileSync(log, Buffer.from(whole).fill(1, before + 4, before + 5));
	expect(heard(folder)).toEqual([1]);
	const holed = Buffer.concat([whole, whole.subarray(before)]);
	writeFileSync(log, holed.fill(1, before + 4, before + 5));
	expect(heard(folder)).toEqual([1, "missed"]);
});

test("where a log is missing between two it is told once, whatever follows", () => {
	const { folder, end } = killed();
	goOn(folder, { log: 2, bytes: end }, 3, 3);
	goOn(folder, { log: 3, bytes: end }, 4, 4);
	expect(heard(folder)).toEqual([1, 2, "missed"]);
});

test("a log that was given up is not told, and nothing is missed by that", () => {
	const { folder, before, end } = killed();
	goOn(folder, { log: 1, bytes: end }, 2, 3);
	goOn(folder, { log: 1, bytes: before }, 3, 4);
	expect(heard(folder)).toEqual([1, 4]);
});

test("a folder without a world is told", () => {
	expect(() => happened(createFolder())).toThrow("there is no world in");
	expect(() => happened(join(createFolder(), "none"))).toThrow("is not there");
});
