/** The module by which Vite's runner has an agent: it stays, and takes what the agent's file becomes. */
import { posix } from "node:path";
import { pathWithin } from "./path-within.ts";

const PREFIX = "virtual:matrix-gateway/agent:";

/** What is asked for to get the agent of a file; `root` has slashes. */
export function entryOf(root: string, file: string): string {
	return PREFIX + encodeURIComponent(urlOf(root, file));
}

/** As Vite has files: from its root, or where they are elsewhere by their path. */
function urlOf(root: string, file: string): string {
	const path = pathWithin(root, file);
	return path === undefined
		? posix.join("/@fs/", withSlashes(file))
		: `/${withSlashes(path)}`;
}

function withSlashes(path: string): string {
	return path.replaceAll("\\", "/");
}

export function resolveEntry(id: string): string | undefined {
	return id.startsWith(PREFIX) ? `\0${id}` : undefined;
}

export function loadEntry(id: string): string | undefined {
	if (!id.startsWith(`\0${PREFIX}`)) return undefined;
	const url = JSON.stringify(decodeURIComponent(id.slice(PREFIX.length + 1)));
	// It says so before it imports the file: one that cannot be loaded is tried again when it is edited.
	return `
let listeners = { changed() {}, updated() {} };
import.meta.hot.accept(${url}, () => listeners.changed());
import.meta.hot.on("vite:afterUpdate", () => listeners.updated());
export const follow = (given) => { listeners = given; };
export const load = () => import(${url});
`;
}

/** What it exports. */
export interface Entry {
	follow(listeners: {
		/** The agent's file, or what that needs, is another one. */
		changed(): void;
		/** An update is done, whatever it was about. */
		updated(): void;
	}): void;
	load(): Promise<unknown>;
}
