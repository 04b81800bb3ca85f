/** The module that page code imports. */
import type { ResolvedConfig } from "vite";

/** What the module's source depends on. */
export interface VirtualOptions {
	readonly path: string;
	readonly token: string | undefined;
}

/** The hooks of a plugin that provides it. */
export interface VirtualHooks {
	configResolved(config: ResolvedConfig): void;
	resolveId(id: string): string | undefined;
	load(id: string): string | undefined;
	renderChunk(
		code: string,
		chunk: { readonly fileName: string },
	): { code: string; map: null } | null;
}

/** Provides `virtual:matrix-gateway`. */
export function createVirtualHooks(options: VirtualOptions): VirtualHooks {
	let config: ResolvedConfig;
	return {
		configResolved(resolved) {
			config = resolved;
		},
		resolveId: (id) => (id === ID ? RESOLVED_ID : undefined),
		load: (id) => (id === RESOLVED_ID ? sourceOf(options, config) : undefined),
		renderChunk(code, { fileName }) {
			if (!code.includes(FOLDER)) return null;
			const folder = fileName.slice(0, fileName.lastIndexOf("/") + 1);
			return { code: code.replaceAll(FOLDER, encodeURI(folder)), map: null };
		},
	};
}

const ID = "virtual:matrix-gateway";
const RESOLVED_ID = `\0${ID}`;

/**
 * Stands for the folder of the chunk that the module ends up in, `assets/` most likely. Its length
 * must not matter: minifiers compute with it before it is replaced.
 */
const FOLDER = "__MATRIX_GATEWAY_CHUNK_FOLDER__";

/**
 * The URL is below Vite's `base`, so that a proxy which forwards only that prefix forwards it. In
 * development it is on the server that serves the module, so that it is right in pages that another
 * server renders; in a build it is on the page's own origin, wherever the assets are. Importing the
 * module never throws: where there is no address, the URL is only the path, for which the client, or
 * `new WebSocket`, throws. A token is never part of a build [CON6].
 */
function sourceOf(
	{ path, token }: VirtualOptions,
	{ base, command }: ResolvedConfig,
): string {
	const isDevelopment = command === "serve";
	const isRelative = base === "" || base === "./";
	// A `blob:` has an origin, but no folder.
	const places = isRelative
		? "chunkRoot(import.meta.url), page"
		: `${isDevelopment ? "import.meta.url, " : ""}page?.replace(/^blob:/, "")`;
	return `
const path = ${JSON.stringify(path)};
const base = ${JSON.stringify(isRelative ? "./" : base)};
const page = typeof location === "undefined" ? undefined : location.href;
const baseURI = typeof document === "undefined" ? undefined : document.baseURI;
${isRelative ? CHUNK_ROOT : ""}
function addressFrom(place) {
	try {
		const root = new URL(base, place);
		// A base on another origin is for the assets only.
		const isOwn = root.origin === new URL(place).origin;
		const { href } = new URL(isOwn ? "." + path : path, isOwn ? root : place);
		return /^https?:/.test(href) ? href.replace(/^http/, "ws") : undefined;
	} catch {
		return undefined;
	}
}
const pathBelow = base.startsWith("/") && !base.startsWith("//") ? base + path.slice(1) : path;
export const url = [${places}, baseURI].map(addressFrom).find(Boolean) ?? pathBelow;
export const token = ${isDevelopment ? JSON.stringify(token) : undefined};
`;
}

/**
 * A page may be in a folder below the root, and a worker is where the assets are. But a module knows
 * where its own chunk is, unless the whole page, or the worker (`blob:`), was inlined.
 */
const CHUNK_ROOT = `
function chunkRoot(chunk) {
	const folder = "/" + ${JSON.stringify(FOLDER)};
	const place = String(chunk).replace(/[^/]*([?#].*)?$/, "");
	return place.endsWith(folder) ? place.slice(0, place.lastIndexOf(folder) + 1) : undefined;
}`;
