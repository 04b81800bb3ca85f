/** What a source file imports, and whether its house may. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** A folder with a rule of its own. Paths are relative to the repository. */
export interface House {
	readonly folder: string;
	/** Other folders and files that it may import. */
	readonly files?: readonly string[];
	/** Packages that it may import out of those in question: vite, ws, h3, node:* and our own. */
	readonly packages?: readonly string[];
}

const OWN_PACKAGE = "vite-plugin-matrix-gateway";

/** Packages that come in only where a rule says so; all others where a package.json names them. */
const IN_QUESTION = ["vite", "ws", "h3", "srvx", "node:*", OWN_PACKAGE];

/** The files of a house, without those of houses within it. */
export function filesOf({ folder }: House, houses: readonly House[]): string[] {
	const inner = houses
		.map((other) => other.folder)
		.filter((other) => other.startsWith(`${folder}/`));
	return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
		.map((path) => posix.join(folder, path.split(sep).join("/")))
		.filter((path) => /\.[cm]?[jt]sx?$/.test(path))
		.filter((path) => !/(^|\/)(node_modules|dist)\//.test(path))
		.filter((path) => !inner.some((other) => path.startsWith(`${other}/`)));
}

/** The imports of a file that its house may not have. */
export function straysOf(house: House, file: string, text = read(file)) {
	return ts
		.preProcessFile(text, true, true)
		.importedFiles.map(({ fileName }) => fileName)
		.filter((specifier) => !mayImport(house, file, specifier))
		.map((specifier) => `${file} imports ${specifier}`);
}

function mayImport(house: House, file: string, specifier: string): boolean {
	if (!specifier.startsWith(".")) return mayImportPackage(house, specifier);
	const target = posix.join(dirname(file), specifier);
	const allowed = [house.folder, ...(house.files ?? [])];
	return allowed.some(
		(path) => target === path || target.startsWith(`${path}/`),
	);
}

function mayImportPackage(house: House, specifier: string): boolean {
	const name = packageOf(specifier);
	if (!IN_QUESTION.includes(name)) return namedPackages(house).has(name);
	if (!house.packages?.includes(name)) return false;
	return name !== OWN_PACKAGE || PUBLIC_ENTRIES.has(specifier);
}

function packageOf(specifier: string): string {
	const [protocol] = specifier.split(":", 1);
	if (protocol !== specifier) return `${protocol}:*`;
	const parts = specifier.split("/");
	return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

const PUBLIC_ENTRIES = new Set(
	Object.keys(manifest(OWN_PACKAGE).exports ?? {}).map((entry) =>
		posix.join(OWN_PACKAGE, entry),
	),
);

/** What the house's own package.json names, and for its tests the repository's. */
function namedPackages({ folder, packages = [] }: House): Set<string> {
	const workspace = manifest(folder.split("/", 1)[0] ?? "");
	return new Set([
		...Object.keys(workspace.dependencies ?? {}),
		...Object.keys(workspace.devDependencies ?? {}),
		...packages,
	]);
}

interface Manifest {
	readonly exports?: Record<string, unknown>;
	readonly dependencies?: Record<string, string>;
	readonly devDependencies?: Record<string, string>;
}

function manifest(workspace: string): Manifest {
	return JSON.parse(read(join(workspace, "package.json")));
}

function read(path: string): string {
	return readFileSync(join(ROOT, path), "utf8");
}

/** A path as the repository's, whatever the system. */
export function inRepository(path: string): string {
	return relative(ROOT, path).split(sep).join("/");
}
