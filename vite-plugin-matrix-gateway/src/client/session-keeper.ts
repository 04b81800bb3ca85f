import type { AgentInfo } from "../core/protocol/protocol.ts";
import { environment, type PageEvent } from "./environment.ts";
import { parseMessage } from "./messages.ts";
import type { KeptOutbox } from "./outbox.ts";
import { isAgent, isCount } from "./read-message.ts";
import type { KeptSession } from "./session.ts";

/** What a page keeps for the one that comes after its reload. */
export interface Kept extends KeptSession, KeptOutbox {
	readonly agents: readonly AgentInfo[];
}

/** The client whose session is kept. */
export interface KeptClient {
	save(): Kept;
	/** Continues from what the page before has kept. */
	restore(kept: Kept): void;
	/** Another page has continued the session meanwhile; `kept` is what it has kept, if anything. */
	replace(kept: Kept | undefined): void;
}

/** Hands the session of a page to the one that comes after a reload. */
export interface SessionKeeper {
	/** There may be something new to keep. */
	changed(): void;
	stop(): void;
}

/**
 * Writes to sessionStorage when the page is left, and removes it again when the page is shown:
 * a tab that is duplicated copies the storage, and a session has one client. Listeners that run
 * after this one may still send, so from `pagehide` on every change is written.
 *
 * A page that comes back from the back/forward cache compares what is stored with what it wrote:
 * that tells whether another page has continued the session. Without a name nothing is kept.
 */
export function createSessionKeeper(
	name: string | undefined,
	client: KeptClient,
): SessionKeeper {
	if (name === undefined) return { changed() {}, stop() {} };
	const key = `matrix-gateway/1 ${name}`;
	let isHidden = false;
	let written: string | undefined;

	const kept = read(take(key));
	if (kept) client.restore(kept);
	environment.addEventListener?.("pagehide", hide);
	environment.addEventListener?.("pageshow", show);

	function hide(): void {
		isHidden = true;
		changed();
	}

	function changed(): void {
		if (isHidden) written = write(key, JSON.stringify(client.save()));
	}

	function show({ persisted }: PageEvent): void {
		if (!persisted) return;
		const found = take(key);
		if (written !== undefined && found !== written) client.replace(read(found));
		isHidden = false;
		written = undefined;
	}

	return {
		changed,
		stop() {
			environment.removeEventListener?.("pagehide", hide);
			environment.removeEventListener?.("pageshow", show);
			if (isHidden) take(key);
			isHidden = false;
		},
	};
}

/** Takes an entry out of the storage; undefined where there is none. */
function take(key: string): string | undefined {
	try {
		const text = environment.sessionStorage?.getItem(key) ?? undefined;
		environment.sessionStorage?.removeItem(key);
		return text;
	} catch {
		return undefined;
	}
}

/** Returns what was written; undefined where nothing could be stored. */
function write(key: string, text: string): string | undefined {
	try {
		environment.sessionStorage?.setItem(key, text);
		return environment.sessionStorage && text;
	} catch {
		// Full, most likely. What an earlier write has left is out of date.
		take(key);
		return undefined;
	}
}

function read(text: string | undefined): Kept | undefined {
	try {
		const value: unknown = JSON.parse(text ?? "null");
		return isKept(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

/** Checks every field: any script of the page's origin can write to the storage. */
function isKept(value: unknown): value is Kept {
	const { session, received, confirmed, sent, waiting, agents } = Object(value);
	const { known = 0 } = Object(value);
	return (
		(session === undefined || typeof session === "string") &&
		[received, confirmed, known].every(isCount) &&
		[sent, waiting].every((list) => isListOf(list, parseMessage)) &&
		isListOf(agents, isAgent)
	);
}

function isListOf(value: unknown, test: (item: unknown) => unknown): boolean {
	return Array.isArray(value) && value.every((item) => test(item));
}
