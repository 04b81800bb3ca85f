/** A file that others write, and that is looked at again and again. */
import {
	type BigIntStats,
	constants,
	readFileSync,
	type Stats,
	statSync,
} from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** What a file holds; or why that cannot be read, as the code of the error. */
export type Content =
	| { readonly text: string }
	| { readonly unreadable: string };

/** Called after each look. */
export type Looked = (content: Content, isNew: boolean) => void;

/**
 * Milliseconds between two looks. Looking is all there is: editors put another file in the place of
 * the one, Kubernetes turns a symbolic link, and network file systems tell nobody of a change, so
 * that `fs.watch` would have to be held to what a look finds in any case. `fs.watchFile` looks too,
 * but at times and sizes alone, which two changes may share. A look takes 0.1 ms of CPU time.
 */
export const LOOK_INTERVAL = 200;

/**
 * How many looks read the file after one that has found it changed: two changes may be nearer to
 * each other than the times of a file system are, which are seconds in some.
 */
const READS_AFTER_CHANGE = 12;

/** Largest file that is read, in bytes. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Reads a file at once. */
export function readContent(path: string): Content {
	try {
		const stats = statSync(path);
		return stats.isFile() && stats.size <= MAX_BYTES
			? decode(readFileSync(path))
			: { unreadable: whyNot(stats) };
	} catch (error) {
		return { unreadable: codeOf(error) };
	}
}

/** Looks at a file, which held `content`, until what is returned is called. */
export function followFile(
	path: string,
	content: Content,
	looked: Looked,
): () => void {
	let last = content;
	let lastStamp = "";
	let reads = READS_AFTER_CHANGE;
	let isOver = false;
	let timer: NodeJS.Timeout | undefined;

	async function look(): Promise<void> {
		const { stamp, content = last } = await lookAt(path, lastStamp, reads > 0);
		if (isOver) return;
		reads = stamp === lastStamp ? Math.max(reads - 1, 0) : READS_AFTER_CHANGE;
		lastStamp = stamp;
		const isNew = !isSame(content, last);
		last = content;
		looked(content, isNew);
		// Whoever was told may have had enough.
		if (!isOver) wait();
	}

	// Not an interval: a file system that hangs is not asked once more.
	function wait(): void {
		timer = setTimeout(look, LOOK_INTERVAL).unref();
	}

	wait();
	return () => {
		isOver = true;
		clearTimeout(timer);
	};
}

interface Look {
	/** Another one for a file that is another one, or has changed. */
	readonly stamp: string;
	/** Absent where it was not read. */
	readonly content?: Content;
}

/** @param isRead Whether it is read even where its stamp is the last one. */
async function lookAt(
	path: string,
	lastStamp: string,
	isRead: boolean,
): Promise<Look> {
	let file: FileHandle | undefined;
	try {
		// A network file system asks its server when a file is opened; what it knew may be a minute old.
		file = await open(path, OPEN_FLAGS);
		const stats = await file.stat({ bigint: true });
		const { dev, ino, size, mtimeNs, ctimeNs } = stats;
		const stamp = [dev, ino, size, mtimeNs, ctimeNs].join();
		if (!stats.isFile() || size > MAX_BYTES)
			return { stamp, content: { unreadable: whyNot(stats) } };
		if (stamp === lastStamp && !isRead) return { stamp };
		return { stamp, content: decode(await file.readFile()) };
	} catch (error) {
		const code = codeOf(error);
		return { stamp: code, content: { unreadable: code } };
	} finally {
		await file?.close();
	}
}

/** To open a pipe would wait for who writes into it. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

function whyNot(stats: Pick<Stats | BigIntStats, "isFile">): string {
	return stats.isFile()
		? `it has more than ${MAX_BYTES} bytes`
		: "it is no file";
}

function decode(bytes: Buffer): Content {
	try {
		return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
	} catch {
		return { unreadable: "it is not UTF-8" };
	}
}

/** Not the text, which in errors of other kinds may quote what was read. */
function codeOf(error: unknown): string {
	return (error as NodeJS.ErrnoException).code ?? "unknown error";
}

function isSame(a: Content, b: Content): boolean {
	return "text" in a
		? "text" in b && a.text === b.text
		: "unreadable" in b && a.unreadable === b.unreadable;
}
