import type { AgentInfo } from "../core/protocol/protocol.ts";
import { environment, type PageEvent } from "./environment.ts";
import { parseMessage } from "./messages.ts";
import type { KeptOutbox } from "./outbox.ts";
import { isAgent, isCount } from "./read-message.ts";
import type { KeptSession } from "./session.ts";

/** What a page leaves to the one that comes after its reload. */
export interface Kept extends KeptSession, KeptOutbox {
	readonly agents: readonly AgentInfo[];
}

/** The client whose session is kept. */
export interface KeptClient {
	save(): Kept;
	/** Goes on from what the page before has left. */
	restore(kept: Kept): void;
	/** Another page has gone on with the session meanwhile, and has left that, if anything. */
	replace(kept: Kept | undefined): void;
}

/** Hands the session of a page to the one that comes after a reload. */
export interface SessionKeeper {
	/** There may be something new to keep. */
	changed(): void;
	stop(): void;
}

/**
 * Writes to sessionStorage as the page goes, and takes it out again as the page comes:
 * a tab that is duplicated copies the storage, and a session has one client. Listeners
 * that run after ours may still send, so from `pagehide` on every change is written.
 *
 * A page from the browser's cache of whole pages finds out by what it has written
 * whether another has gone on in its place. Without a name nothing is kept.
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

/** Returns what was written; undefined where the storage took it not. */
function write(key: string, text: string): string | undefined {
	try {
		environment.sessionStorage?.setItem(key, text);
		return environment.sessionStorage && text;
	} catch {
		// Full, most likely: what an earlier write has left there is no longer true.
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

/** All of it is looked at: whatever else runs on the page's origin writes there too. */
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
