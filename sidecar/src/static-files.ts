/** The built 3D client, for a browser. */
import { extname } from "node:path";
import type { ServerRequest } from "srvx";
import { staticMiddleware } from "srvx/static";

/** Answers with a file, or with nothing where there is none. */
export type StaticFiles = (
	request: ServerRequest,
) => Promise<Response | undefined>;

/** Serves the files of a folder; `index.html` for the folder's own path. */
export function createStaticFiles(dir: string): StaticFiles {
	const serve = staticMiddleware({ dir });
	return async (request) => {
		const response = await serve(request, () => NOT_FOUND);
		if (response === NOT_FOUND) return undefined;
		setHeaders(response.headers, new URL(request.url).pathname);
		return response;
	};
}

const NOT_FOUND = new Response(null, { status: 404 });

/**
 * Vite writes eight characters of a content's hash into the names under `assets/`. A name that
 * only looks like that, from `public/assets/`, has no capital, digit or underscore there.
 */
const HASHED = /^\/assets\/.*-(?=[\w-]*[A-Z\d_])[\w-]{8}\.[\w.]+$/;

const YEAR = 31_536_000;

/** Types of a 3D client's files that srvx does not know. */
const TYPES: ReadonlyMap<string, string> = new Map([
	[".glb", "model/gltf-binary"],
	[".gltf", "model/gltf+json"],
	[".hdr", "image/vnd.radiance"],
	[".ktx2", "image/ktx2"],
	[".map", "application/json"],
	[".ogg", "audio/ogg"],
	[".ttf", "font/ttf"],
	[".wav", "audio/wav"],
	[".webmanifest", "application/manifest+json"],
]);

function setHeaders(headers: Headers, pathname: string): void {
	headers.set(
		"cache-control",
		HASHED.test(pathname) ? `public, max-age=${YEAR}, immutable` : "no-cache",
	);
	headers.set("x-content-type-options", "nosniff");
	const type = TYPES.get(extname(pathname));
	if (type && headers.has("content-type")) headers.set("content-type", type);
}
