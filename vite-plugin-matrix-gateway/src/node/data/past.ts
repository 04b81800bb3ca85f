/** What happened in a world, as far as its folder has it: the lines that a recording would have. */
import fs from "node:fs";
import type { Command, ConnectionId } from "../../core/world/command.ts";
import type { Effects } from "../../core/world/effects.ts";
import { SILENCE } from "../../core/world/silence.ts";
import { restoreSnapshot } from "../../core/world/snapshot.ts";
import type { WorldState } from "../../core/world/state.ts";
import { apply, createWorld } from "../../core/world/world.ts";
import type { Happening, RecordedLine } from "../../recording/line.ts";
import { CODEC, textOf } from "../codec.ts";
import { DataError } from "../order/data-error.ts";
import { type Generation, listFiles } from "../order/data-files.ts";
import { NODE_DISK } from "../order/disk.ts";
import type { LogHeader } from "../order/file-format.ts";
import { findNext, type NextLog } from "../order/log-chain.ts";
import { type LogReader, openLog } from "../order/log-reader.ts";
import { readSnapshot } from "../order/snapshot-files.ts";

/**
 * The past of the world in a folder, in use or not, from the oldest file on that is left: what was said, to one
 * agent as well, who came and who left. A command of the log has a time where it needs one: `at` is the latest
 * that was written by then, so it may be earlier than what it is of.
 * @throws DataError where there is no world, or it is of a newer version.
 */
export function* readPast(folder: string): Generator<RecordedLine, void> {
	if (!fs.existsSync(folder)) throw new DataError(`${folder} is not there`);
	const files = listFiles(NODE_DISK, folder);
	if (files.logs.length === 0)
		throw new DataError(`there is no world in ${folder}`);
	const logs = new Map<Generation, LogReader>();
	for (const generation of files.logs)
		logs.set(generation, openLog(NODE_DISK, folder, generation));
	let past: Past | undefined;
	let last = 0;
	for (const [generation, log] of logs) {
		const { header } = log;
		const isToldOrGivenUp = generation <= last;
		if (isToldOrGivenUp || (!header && log.countRest() === 0)) continue;
		if (past) yield* past.miss("the files between are not there");
		const snapshot = files.snapshots.includes(generation)
			? readSnapshot(NODE_DISK, folder, generation)?.snapshot
			: undefined;
		// What it goes on from is not there.
		if (!header || (!snapshot && header.begins !== "empty")) continue;
		past = createPast(header, snapshot);
		yield* past.begin();
		last = yield* readChain(past, logs, { generation, log });
	}
	if (!past) throw new DataError(`there is no whole file in ${folder}`);
}

/** What a log tells, and those that go on from it; returns the last of them. */
function* readChain(
	past: Past,
	logs: ReadonlyMap<Generation, LogReader>,
	first: Pick<NextLog, "generation" | "log">,
): Generator<RecordedLine, Generation> {
	let { generation, log } = first;
	for (;;) {
		const next = findNext(logs, generation);
		yield* past.read(log, next?.bytes);
		const isHole = next ? log.at !== next.bytes : log.countRest() > 0;
		if (isHole) yield* past.miss("a file is not whole");
		if (!next || past.isOver) return generation;
		({ generation, log } = next);
	}
}

interface Past {
	/** Who and what is there as it begins. */
	begin(): Generator<RecordedLine, void>;
	/**
	 * What a log tells, as far as a place in it.
	 * @param until default: its end
	 */
	read(log: LogReader, until?: number): Generator<RecordedLine, void>;
	/** Ends it, and says that once. */
	miss(reason: string): Generator<RecordedLine, void>;
	/** Whether what comes next is missed. */
	readonly isOver: boolean;
}

function createPast(
	{ options, at }: LogHeader,
	snapshot: Parameters<typeof restoreSnapshot>[1] | undefined,
): Past {
	let time = at;
	let isOver = false;
	let refused: ConnectionId | undefined;
	let happenings: Happening[] = [];
	const effects: Effects = {
		...SILENCE,
		// The gateway's own have no type: who comes, and who leaves.
		broadcast(frame, _, messageType) {
			const told = messageType === undefined && presenceOf(textOf(frame));
			if (told) happenings.push(told);
		},
		refused(conn) {
			refused = conn;
		},
	};
	const world = createWorld({ options, codec: CODEC, effects });
	if (snapshot) restoreSnapshot(world, { ...snapshot, options });

	const timed = (happening: Happening): RecordedLine => ({
		at: new Date(time).toISOString(),
		...happening,
	});

	function* follow(command: Command, node: string): Generator<RecordedLine> {
		if ("at" in command && command.at !== undefined)
			time = Math.max(time, command.at);
		happenings = [];
		refused = undefined;
		const said = saidBy(world, command);
		apply(world, command, node);
		if (said && refused === undefined) yield timed(said);
		for (const happening of happenings) yield timed(happening);
	}

	function* miss(reason: string): Generator<RecordedLine> {
		if (!isOver) yield timed({ what: "missed", reason });
		isOver = true;
	}

	return {
		*begin() {
			const agents = [...world.registry.all()].map(({ agentId, role }) => ({
				agentId,
				role,
			}));
			yield timed({ what: "here", agents });
			for (const { agentId, frame } of world.retained.cut())
				yield timed({
					what: "retained",
					...(agentId !== undefined && { from: agentId }),
					text: textOf(frame),
				});
		},
		*read(log, until = Number.POSITIVE_INFINITY) {
			time = Math.max(time, log.header?.at ?? 0);
			while (log.at < until) {
				const entry = log.next();
				if (!entry) return;
				try {
					for (const command of entry.commands)
						yield* follow(command, entry.node);
				} catch {
					// It has broken the gateway that wrote it, too [ERR3].
					yield* miss("it cannot be applied");
					return;
				}
			}
		},
		miss,
		get isOver() {
			return isOver;
		},
	};
}

/** What a command says, with the agent that has its connection: of several the one that it names. */
function saidBy(world: WorldState, command: Command): Happening | undefined {
	if (command.type !== "publish" && command.type !== "send") return undefined;
	const text = textOf(command.frame);
	const agents = world.peers.get(command.conn)?.agents ?? [];
	const names = agents.map(({ agentId }) => agentId);
	const from = names.find((name) => name === namedIn(text)) ?? names[0];
	return {
		what: "message",
		...(from !== undefined && { from }),
		...(command.type === "send" && { to: command.target }),
		text,
	};
}

function namedIn(text: string): unknown {
	const { agentId, agent_id } = JSON.parse(text);
	return agentId ?? agent_id;
}

function presenceOf(text: string): Happening | undefined {
	const { type, agentId, role, reason } = JSON.parse(text);
	if (type === "agent_joined") return { what: "joined", agentId, role };
	if (type === "agent_left") return { what: "left", agentId, role, reason };
	return undefined;
}
