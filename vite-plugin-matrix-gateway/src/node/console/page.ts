/** The console's page: files that were built with the package, read when somebody opens it. */
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { H3Event } from "h3";
import { refuse } from "../http/answers.ts";
import { CONSOLE_PATH, type ConsoleSettings } from "./options.ts";

export type AnswerPage = (event: H3Event) => object | string;

/** Answers all below the console's path that is no endpoint. The page holds no secret, and asks nobody who it is. */
export function createPage({ folder = BUILT }: ConsoleSettings): AnswerPage {
	let files: ReadonlyMap<string, Buffer> | undefined;
	return (event) => {
		const { pathname } = event.url;
		if (pathname === CONSOLE_PATH) return addSlash(event);
		files ??= readAll(folder);
		const name = pathname.slice(CONSOLE_PATH.length + 1) || INDEX;
		const file = files.get(name);
		if (file) return toFile(event, name, file);
		const isBuilt = files.has(INDEX);
		return isBuilt
			? refuse(event, 404, "not found")
			: refuse(event, 503, `the console is not in ${folder}`);
	};
}

/** Beside the module that this is a part of, once it is built. */
const BUILT = fileURLToPath(new URL("./console/", import.meta.url));

const INDEX = "index.html";

function readAll(folder: string): ReadonlyMap<string, Buffer> {
	try {
		const names = readdirSync(folder, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map(({ parentPath, name }) => join(parentPath, name));
		return new Map(
			names.map((path) => [
				path
					.slice(folder.length)
					.replace(/^[\\/]/, "")
					.replaceAll("\\", "/"),
				readFileSync(path),
			]),
		);
	} catch {
		return new Map();
	}
}

/** Relative, since it may be below the base of a server or a proxy. */
function addSlash({ res }: H3Event): string {
	res.status = 308;
	res.headers.set("location", `.${CONSOLE_PATH}/`);
	return "";
}

function toFile({ res }: H3Event, name: string, file: Buffer): object {
	const { headers } = res;
	headers.set("content-type", TYPES.get(extname(name)) ?? UNKNOWN);
	headers.set("cache-control", name === INDEX ? "no-cache" : FOR_EVER);
	headers.set("content-security-policy", POLICY);
	headers.set("x-content-type-options", "nosniff");
	headers.set("referrer-policy", "no-referrer");
	return file;
}

const UNKNOWN = "application/octet-stream";

/** Their names hold a hash of what is in them. */
const FOR_EVER = "public, max-age=31536000, immutable";

const TYPES: ReadonlyMap<string, string> = new Map([
	[".html", "text/html; charset=utf-8"],
	[".js", "text/javascript; charset=utf-8"],
	[".css", "text/css; charset=utf-8"],
	[".svg", "image/svg+xml"],
]);

/** What others have said is shown in it: nothing of that may ever run. */
const POLICY = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"img-src 'self' data:",
	"connect-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'self'",
].join("; ");
