/**
 * Fetches models that strangers name: from where a page may, as much as it can bear, and with
 * nothing that says who asks.
 */
import { checkModel, filesNamedBy, readModel } from "./model-content.ts";

/** A model and all files that it names, fetched. */
export interface ModelFile {
	readonly data: ArrayBuffer;
	/** What relative addresses in it are relative to. */
	readonly base: string;
	/** By their absolute addresses. */
	readonly files: ReadonlyMap<string, ArrayBuffer>;
}

export interface ModelRules {
	/** The page's own address. */
	readonly page: string;
	/** Origins that models may come from beside the page's own. */
	readonly origins?: readonly string[];
	/** Bytes of a model with all its files, unpacked. */
	readonly maxBytes?: number;
}

/** Bytes. A page on a tablet has to hold it, and 500 others. */
const MAX_BYTES = 8 * 1024 * 1024;

const MAX_FILES = 64;

/** What glTF consists of. Nothing else is asked for: an address may be an interface, and not a file. */
const EXTENSION = /\.(glb|gltf|bin|png|jpe?g|webp|avif)$/i;

/**
 * Fetches a model, and the files that it names.
 *
 * @throws Where an address is not allowed, leads elsewhere or does not answer, and where it is too much.
 */
export async function fetchModel(
	url: string,
	{ page, origins = [], maxBytes = MAX_BYTES }: ModelRules,
	signal: AbortSignal,
): Promise<ModelFile> {
	const allowed = [new URL(page).origin, ...origins];
	let left = maxBytes;

	async function get(address: string): Promise<ArrayBuffer> {
		const data = await download(address, left, signal);
		left -= data.byteLength;
		return data;
	}

	const base = allowedUrl(url, page, allowed);
	const data = await get(base);
	const model = readModel(data);
	checkModel(model);
	// All are looked at before the first is asked for.
	const named = filesNamedBy(model).map((uri) =>
		allowedUrl(uri, base, allowed),
	);
	if (named.length > MAX_FILES) throw new Error("it has too many files");
	const files = new Map<string, ArrayBuffer>();
	for (const address of new Set(named)) files.set(address, await get(address));
	return { data, base, files };
}

/** The absolute address, if a page may ask for it. */
function allowedUrl(
	url: string,
	base: string,
	origins: readonly string[],
): string {
	const { href, protocol, origin, pathname, username, password } = new URL(
		url,
		base,
	);
	if (!/^https?:$/.test(protocol) || username || password)
		throw new Error("this is no plain address of a file");
	if (!origins.includes(origin))
		throw new Error(`models are not fetched from ${origin}`);
	if (!EXTENSION.test(pathname)) throw new Error("this is no file of a model");
	return href;
}

async function download(
	url: string,
	maxBytes: number,
	signal: AbortSignal,
): Promise<ArrayBuffer> {
	const stop = new AbortController();
	const response = await fetch(url, {
		credentials: "omit",
		referrerPolicy: "no-referrer",
		// It may lead to any place, which is known only when it has been asked.
		redirect: "error",
		signal: AbortSignal.any([signal, stop.signal]),
	});
	try {
		if (!response.ok || !response.body)
			throw new Error(`answered with ${response.status}`);
		return await readUpTo(response.body, maxBytes);
	} finally {
		// What is left of it is not read; where all of it was, this does nothing.
		stop.abort();
	}
}

/** Bytes are counted as they come out of the browser, unpacked: no header has to be believed. */
async function readUpTo(
	body: ReadableStream<Uint8Array>,
	maxBytes: number,
): Promise<ArrayBuffer> {
	const reader = body.getReader();
	const parts: Uint8Array<ArrayBuffer>[] = [];
	for (let bytes = 0; ; ) {
		const { done, value } = await reader.read();
		if (done) return new Blob(parts).arrayBuffer();
		bytes += value.byteLength;
		if (bytes > maxBytes) throw new Error("it is too large");
		parts.push(value as Uint8Array<ArrayBuffer>);
	}
}
