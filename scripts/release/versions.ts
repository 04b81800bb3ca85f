/** The version, which all packages share, in each file that says it. */

/** Those of npm, with what is published first. */
export const FOLDERS: readonly string[] = [
	"vite-plugin-matrix-gateway",
	"sidecar",
	"playground",
	"e2e",
];

/** What people copy: it says which version it asks for, and has none of its own. */
const TEMPLATE = "playground/template";

const LOCK = "package-lock.json";
const PYTHON = "vite-plugin-matrix-gateway/python/pyproject.toml";
const PROTOCOL = "vite-plugin-matrix-gateway/PROTOCOL.md";

interface Manifest {
	name?: string;
	version?: string;
	dependencies?: Record<string, string>;
	devDependencies?: Record<string, string>;
}

type Read = (path: string) => string;

/** The version of what is there. */
export function versionOf(read: Read): string {
	const { version = "" } = manifestIn(read, FOLDERS[0] ?? "");
	return version;
}

/** The files as they are with another version, by their paths. */
export function withVersion(read: Read, version: string): Map<string, string> {
	const old = versionOf(read);
	if (!isAfter(version, old))
		throw new Error(
			`"${version}" is no version x.y.z that comes after ${old}.`,
		);
	const own = FOLDERS.map((folder) => String(manifestIn(read, folder).name));
	const changed = new Map<string, string>();
	for (const folder of [...FOLDERS, TEMPLATE]) {
		const manifest = manifestIn(read, folder);
		raise(manifest, own, version);
		changed.set(`${folder}/package.json`, toJson(manifest, "\t"));
	}
	const lock = JSON.parse(read(LOCK));
	for (const folder of FOLDERS) raise(lock.packages[folder], own, version);
	changed.set(LOCK, toJson(lock, 2));
	const inText = (path: string, phrase: (version: string) => string) =>
		changed.set(
			path,
			replaceOnce(path, read(path), phrase(old), phrase(version)),
		);
	inText(PYTHON, (one) => `\nversion = "${one}"\n`);
	// It tells of a minor version.
	inText(PROTOCOL, (one) => `gateway ${one.replace(/\.\d+$/, "")}.\n`);
	return changed;
}

/** Sets its version, if it has one, and asks for that of the others. */
function raise(
	manifest: Manifest,
	own: readonly string[],
	version: string,
): void {
	if (manifest.version !== undefined) manifest.version = version;
	for (const asked of [manifest.dependencies, manifest.devDependencies])
		for (const name of own) if (asked?.[name]) asked[name] = `^${version}`;
}

function replaceOnce(
	path: string,
	text: string,
	old: string,
	next: string,
): string {
	const [before, after, ...more] = text.split(old);
	if (after === undefined || more.length > 0)
		throw new Error(`${path} does not say "${old.trim()}" once.`);
	return `${before}${next}${after}`;
}

function isAfter(version: string, old: string): boolean {
	const isPlain = /^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}$/.test(version);
	return isPlain && version.localeCompare(old, "en", { numeric: true }) > 0;
}

function manifestIn(read: Read, folder: string): Manifest {
	return JSON.parse(read(`${folder}/package.json`));
}

function toJson(value: unknown, indent: string | number): string {
	return `${JSON.stringify(value, null, indent)}\n`;
}
