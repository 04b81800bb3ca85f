/** Snapshots in Redis: whole and in the index, or not to be found. */
import type { WorldSnapshot } from "../../../core/world/snapshot.ts";
import type { Columns } from "../command-rows.ts";
import { COLUMNS } from "../command-rows.ts";
import { toSnapshotPieces } from "../snapshot-pieces.ts";
import { fromSnapshotRecords } from "../snapshot-records.ts";
import type { Connection } from "./connection.ts";
import type { Ending } from "./ending.ts";
import type { Keys } from "./keys.ts";
import { type Applied, OWN_FORMAT } from "./payload.ts";
import { compareIds, parseId } from "./stream-id.ts";

/** What the index says of one. */
export interface SnapshotInfo extends Ending {
	readonly key: string;
	/** Of the list. */
	readonly pieces: number;
	readonly bytes: number;
	/** Of the epoch that it is from; see `EpochStart`. */
	readonly format: string;
	readonly columns: Columns;
}

export interface Snapshots {
	/** Those in the index, the newest first. */
	list(): Promise<SnapshotInfo[]>;
	/** Writes one over many turns. Until it is kept it is in no index, and goes by itself. */
	write(ending: Ending, world: WorldSnapshot): Promise<SnapshotInfo>;
	/** It stays: what a node has that starts. */
	keep(info: SnapshotInfo): Promise<void>;
	/** Undefined where it is not there, or not whole. */
	read(key: string): Promise<WorldSnapshot | undefined>;
	/** Whether it is there, as far as can be told without reading it. */
	isThere(info: SnapshotInfo): Promise<boolean>;
	remove(info: SnapshotInfo): Promise<void>;
}

/** Seconds after which one that nobody has kept goes: its writer has vanished. */
const UNFINISHED = 600;

/** Pieces that are read at once. */
const BATCH = 16;

/** @param node Two nodes may write one of the same place, which have to be two. */
export function createSnapshots(
	{ ask }: Pick<Connection, "ask">,
	keys: Keys,
	node: string,
): Snapshots {
	async function readAll(key: string): Promise<Buffer> {
		const pieces: Buffer[] = [];
		for (let batch = BATCH; batch === BATCH; ) {
			const from = pieces.length;
			const range = [`${from}`, `${from + BATCH - 1}`];
			const reply = await ask("LRANGE", key, ...range);
			const read = Array.isArray(reply) ? reply.filter(Buffer.isBuffer) : [];
			pieces.push(...read);
			batch = read.length;
		}
		return Buffer.concat(pieces);
	}

	return {
		async list() {
			const reply = await ask("HVALS", keys.snapshots);
			const infos = Array.isArray(reply) ? reply.map(toInfo) : [];
			return infos.sort((one, other) =>
				compareIds(placeOf(other), placeOf(one)),
			);
		},
		async write(ending, world) {
			const key = keys.snapshot(ending.id, node);
			let bytes = 0;
			let pieces = 0;
			// An attempt at the same place may have been broken off.
			await ask("UNLINK", key);
			for (const piece of toSnapshotPieces(world)) {
				await ask("RPUSH", key, piece);
				if (pieces++ === 0) await ask("EXPIRE", key, `${UNFINISHED}`);
				bytes += piece.length;
			}
			const own = { format: OWN_FORMAT, columns: COLUMNS };
			return { ...ending, key, pieces, bytes, ...own };
		},
		async keep(info) {
			await ask("PERSIST", info.key);
			await ask("HSET", keys.snapshots, info.key, JSON.stringify(info));
		},
		async read(key) {
			const file = await readAll(key);
			return fromSnapshotRecords(file, 0);
		},
		async isThere({ key, pieces }) {
			return Number(await ask("LLEN", key)) === pieces;
		},
		async remove({ key }) {
			await ask("HDEL", keys.snapshots, key);
			await ask("UNLINK", key);
		},
	};
}

function placeOf({ id }: Applied) {
	return parseId(id);
}

function toInfo(value: unknown): SnapshotInfo {
	return JSON.parse(String(value)) as SnapshotInfo;
}
