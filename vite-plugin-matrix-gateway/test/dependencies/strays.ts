/** The imports that a rule forbids. */
import { posix } from "node:path";
import { escapePattern } from "../protocol-document/escape-pattern.ts";
import { read, sourcesIn } from "./files.ts";
import { HOUSES, type House, PLUGIN } from "./houses.ts";
import { COMPUTED, type Import, importsOf, targetOf } from "./imports.ts";

/** Packages that come in only where a rule says so; all others where a package.json names them. */
const IN_QUESTION = [
	"vite",
	"ws",
	"h3",
	"srvx",
	"@redis/client",
	"jose",
	"jsonc-parser",
	"node:*",
	PLUGIN,
];

/** The files of a folder, without those of houses within it. */
export function filesOf({ folder }: Pick<House, "folder">): string[] {
	const inner = HOUSES.map((other) => other.folder).filter((other) =>
		other.startsWith(`${folder}/`),
	);
	return sourcesIn(folder).filter(
		(path) => !inner.some((other) => path.startsWith(`${other}/`)),
	);
}

/** The imports of a file that its house may not have. */
export function straysOf(house: House, file: string, text = read(file)) {
	return importsOf(file, text)
		.filter((found) => !mayImport(house, file, found))
		.map(({ specifier }) => `${file} imports ${specifier}`);
}

function mayImport(house: House, file: string, found: Import): boolean {
	const target = targetOf(file, found);
	if (target === undefined) return mayImportPackage(house, found.specifier);
	const { folder, files = [], types = [] } = house;
	const allowed = [folder, ...files, ...(found.isType ? types : [])];
	return allowed.some(
		(path) => target === path || target.startsWith(`${path}/`),
	);
}

function mayImportPackage(house: House, specifier: string): boolean {
	if (specifier === COMPUTED) return house.computed ?? false;
	if (!house.packages) return false;
	const name = packageOf(specifier);
	if (!IN_QUESTION.includes(name)) return namedPackages(house).has(name);
	if (!house.packages.includes(name)) return false;
	return (
		name !== PLUGIN || PUBLIC_ENTRIES.some((entry) => entry.test(specifier))
	);
}

function packageOf(specifier: string): string {
	const [protocol] = specifier.split(":", 1);
	if (protocol !== specifier) return `${protocol}:*`;
	const parts = specifier.split("/");
	return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

// Of a folder whose files are entries each is one.
const PUBLIC_ENTRIES = Object.keys(manifest(PLUGIN).exports ?? {}).map(
	(entry) =>
		new RegExp(
			`^${escapePattern(posix.join(PLUGIN, entry)).replace("\\*", "[^/]+")}$`,
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
	return JSON.parse(read(posix.join(workspace, "package.json")));
}
