import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Command } from "../../../src/core/world/command.ts";
import { SILENCE } from "../../../src/core/world/silence.ts";
import {
	cutSnapshot,
	restoreSnapshot,
	type WorldSnapshot,
} from "../../../src/core/world/snapshot.ts";
import { apply, createWorld } from "../../../src/core/world/world.ts";
import { CODEC } from "../../../src/node/codec.ts";
import { NODE_DISK } from "../../../src/node/order/disk.ts";
import { createJournal } from "../../../src/node/order/journal.ts";
import { recover } from "../../../src/node/order/recover.ts";
import { anyOrder, LITTLE_ROOM } from "../../core/support/any-command.ts";
import { copyFolder, createFolder } from "./support/data-folder.ts";

/** Takes a snapshot whenever it is asked, so that a test says when. */
const PACE = { bytes: 0, age: 0, retry: 0 };

/** What happens between two commands: nothing, a snapshot, or time for the disk. */
const anyPause = fc.constantFrom("none", "none", "none", "rest", "turn");

/** Whoever writes to a folder has the options that are in it. */
const ofFolder = (command: Command): Command =>
	command.type === "up" ? { ...command, options: undefined } : command;

test("ORD9 what is in the files is the world at any moment, whatever snapshots were cut and are on their way", async () => {
	await fc.assert(
		fc.asyncProperty(
			anyOrder,
			fc.array(anyPause, { minLength: 1, maxLength: 30 }),
			async (order, pauses) => {
				const folder = createFolder();
				const parts = { options: LITTLE_ROOM, codec: CODEC, effects: SILENCE };
				const world = createWorld(parts);
				const node = {
					id: "n0",
					applyCommand: () => true,
					applyEntry: () => {},
					snapshot: () => cutSnapshot(world),
					restore: () => {},
					members: () => [],
					...{ isUnheard: false, ended: () => {}, hasEnded: false },
				};
				const journal = createJournal({
					...{
						disk: NODE_DISK,
						folder,
						node,
						options: LITTLE_ROOM,
						pace: PACE,
					},
					...{ recovered: recover(NODE_DISK, folder, CODEC), fsync: "never" },
					settle: () => true,
					tell: (event) => expect(event).toBe("no event"),
				});
				const all = [
					{ command: { type: "up" }, node: "n0" } as const,
					...order.map(({ command }) => ({
						command: ofFolder(command),
						node: "n0",
					})),
				];
				for (const [index, { command }] of all.entries()) {
					journal.write([command]);
					apply(world, command, "n0");
					const pause = pauses[index % pauses.length];
					if (pause === "rest") journal.rest();
					if (pause === "turn") await nextTurn();
				}
				const found = recover(NODE_DISK, copyFolder(folder), CODEC);
				const restored = (snapshot: WorldSnapshot | undefined) => {
					const made = createWorld(parts);
					if (snapshot) restoreSnapshot(made, snapshot);
					return cutSnapshot(made);
				};
				expect(restored(found.world)).toEqual(cutSnapshot(world));
				expect(found.findings.events).toEqual([]);
				await journal.close();
				const ended = recover(NODE_DISK, folder, CODEC);
				expect(ended.commands, "a snapshot has it all").toBe(0);
				expect(restored(ended.world)).toEqual(cutSnapshot(world));
			},
		),
		{ numRuns: Number(process.env.JOURNAL_RUNS ?? 50) },
	);
});
