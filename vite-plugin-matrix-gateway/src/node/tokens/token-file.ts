/** The tokens that a file has now, for all in this process that ask for them [AUTH7]. */
import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Grant } from "../../core/protocol/grant.ts";
import { quietly } from "../quietly.ts";
import { type Content, followFile, readContent } from "./file-watch.ts";
import { type Grants, parseTokens, TokensError } from "./token-entries.ts";

/** What became of a change of the file, for a log. */
export interface TokensEvent {
	readonly event: "tokens";
	readonly file: string;
	/** Why the file is not followed: what it had before is kept. It holds no token. */
	readonly reason?: string;
	/**
	 * Entries that there are now, and how many are new, are others than they were, or have gone: none
	 * only where a file that was not followed is again as it was.
	 */
	readonly entries: number;
	readonly added: number;
	readonly changed: number;
	readonly removed: number;
}

/** Who has the connections that live by the tokens: a gateway, or a hub. */
export interface Holder {
	/** Whether it ends; nothing is looked at for it then. */
	readonly draining: boolean;
	/** What a key allows from now on. */
	regrant?(key: string, grant: Grant | null): void;
	/** Ends who waits from before by what no source knows any more. */
	judgeWaiting?(find: ((key: string) => Grant | undefined) | undefined): void;
}

/** Who asks. */
export interface TokenUser {
	readonly holder: Holder;
	/** @default writes errors to standard error, unless somebody else is told */
	readonly tell?: ((event: TokensEvent) => void) | undefined;
}

export interface TokenFile {
	/** What a key allows now. */
	find(key: string): Grant | undefined;
}

/**
 * Opens a file of tokens. All who have it open have one watch, until the last of them has left or
 * ends.
 * @returns The file, and what leaves it.
 * @throws TokensError when it is not what it has to be.
 */
export function openTokenFile(
	path: string,
	user: TokenUser,
): { readonly file: TokenFile; readonly leave: () => void } {
	const full = resolve(path);
	const file = opened.get(full) ?? open(full);
	file.users.add(user);
	return { file, leave: () => file.leave(user) };
}

interface SharedFile extends TokenFile {
	readonly users: Set<TokenUser>;
	leave(user: TokenUser): void;
}

const opened = new Map<string, SharedFile>();

function open(path: string): SharedFile {
	const content = readContent(path);
	const users = new Set<TokenUser>();
	let grants = grantsIn(path, content);
	let fault: string | undefined;
	let isToldOf = false;

	function looked(content: Content, isNew: boolean): void {
		for (const user of users) if (user.holder.draining) leave(user);
		if (users.size === 0) return;
		// Who writes a file in its place may be in the middle of it, and then is done by the next look.
		if (!isNew && fault !== undefined) {
			tell({ reason: fault });
			isToldOf = true;
		}
		fault = undefined;
		if (isNew) change(content);
	}

	function change(content: Content): void {
		try {
			const before = grants;
			grants = grantsIn(path, content);
			const count = follow(before, grants, users);
			const isOther = count.added + count.changed + count.removed > 0;
			// Who was told that it is not followed is told that it is again.
			if (isOther || isToldOf) tell(count);
			isToldOf = false;
		} catch (error) {
			if (!(error instanceof TokensError)) throw error;
			fault = error.message;
		}
	}

	function tell(event: Partial<TokensEvent>): void {
		const { size: entries } = grants;
		tellAll(users, { ...UNCHANGED, file: path, entries, ...event });
	}

	function leave(user: TokenUser): void {
		users.delete(user);
		if (users.size > 0) return;
		stop();
		opened.delete(path);
	}

	const stop = followFile(path, content, looked);
	const file: SharedFile = {
		users,
		leave,
		find: (key) => grants.get(key),
	};
	opened.set(path, file);
	return file;
}

const UNCHANGED = {
	event: "tokens",
	added: 0,
	changed: 0,
	removed: 0,
} as const;

function grantsIn(path: string, content: Content): Grants {
	if ("unreadable" in content)
		throw new TokensError(`${path} cannot be read (${content.unreadable})`);
	try {
		return parseTokens(content.text);
	} catch (error) {
		// What is nested very deeply is more than the stack holds.
		if (error instanceof RangeError)
			throw new TokensError(`${path} is nested too deeply`);
		if (!(error instanceof TokensError)) throw error;
		throw new TokensError(`${path}, ${error.message}`);
	}
}

/** Has what lives by keys that allow something else now live by that. */
function follow(before: Grants, after: Grants, users: Iterable<TokenUser>) {
	const changed = [...before.keys()].filter(
		(key) => !isDeepStrictEqual(before.get(key), after.get(key)),
	);
	const holders = new Set([...users].map(({ holder }) => holder));
	// What goes wrong in one of them is not to keep the others from it.
	for (const key of changed)
		for (const holder of holders)
			quietly(() => holder.regrant?.(key, after.get(key) ?? null));
	const removed = changed.filter((key) => !after.has(key)).length;
	return {
		added: [...after.keys()].filter((key) => !before.has(key)).length,
		changed: changed.length - removed,
		removed,
	};
}

function tellAll(users: Iterable<TokenUser>, event: TokensEvent): void {
	const told = new Set([...users].flatMap(({ tell }) => tell ?? []));
	for (const tell of told) quietly(() => tell(event));
	if (told.size === 0 && event.reason !== undefined)
		console.error(
			`the Matrix gateway keeps the tokens that it has: ${event.reason}`,
		);
}
