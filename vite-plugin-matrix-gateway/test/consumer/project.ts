/** An app as `create-vite` makes it, with our packages as they would be published. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { makeFolder, writeFiles } from "../support/app.ts";
import { npm, QUIETLY } from "./npm.ts";
import { PACKAGES, pack, ROOT } from "./pack.ts";

/** The version whose templates are used: what they include changes now and then. */
const CREATE_VITE = "create-vite@9.3.0";

/** For the files that Node runs: the template for React has this beside the page's `tsconfig`. */
const NODE_PROJECT = {
	compilerOptions: {
		target: "es2023",
		lib: ["ES2023"],
		module: "nodenext",
		types: ["node"],
		skipLibCheck: true,
		allowJs: true,
		checkJs: true,
		verbatimModuleSyntax: true,
		moduleDetection: "force",
		noEmit: true,
		noUnusedLocals: true,
		noUnusedParameters: true,
		erasableSyntaxOnly: true,
		noFallthroughCasesInSwitch: true,
	},
	include: ["vite.config.ts", "node"],
};

/** The compilers that are asked: the app's own, and the one before it, which is this repository's. */
export const COMPILERS = ["the app's own", "the one before"] as const;
export type Compiler = (typeof COMPILERS)[number];

/**
 * Makes the app. Its `src` is for pages, with the template's own `tsconfig.json`; `node` is for
 * Node, whose types are there. `beside` names further packages.
 */
export function createProject(...beside: readonly string[]): string {
	const parent = makeFolder();
	npm(parent, "exec", "--yes", "--", CREATE_VITE, "app", ...TEMPLATE);
	const app = join(parent, "app");
	const tarballs = PACKAGES.map((folder) => pack(folder).tarball);
	const packages = ["@types/node@^24", ...beside, ...tarballs];
	npm(app, "install", "--save-dev", ...QUIETLY, ...packages);
	writeFiles(app, {
		"tsconfig.node.json": JSON.stringify(NODE_PROJECT),
	});
	return app;
}

/** What a compiler finds wrong with a project: one line each, of whichever file. */
export function compile(
	app: string,
	project: string,
	compiler: Compiler = COMPILERS[0],
): string[] {
	const home = compiler === COMPILERS[0] ? app : ROOT;
	const tsc = join(home, "node_modules/typescript/bin/tsc");
	const flags = ["-p", project, "--pretty", "false"];
	try {
		execFileSync(process.execPath, [tsc, ...flags], {
			cwd: app,
			encoding: "utf8",
			stdio: "pipe",
		});
		return [];
	} catch (error) {
		return String((error as { stdout?: unknown }).stdout)
			.split("\n")
			.filter((line) => line !== "");
	}
}

const TEMPLATE = ["--template", "vanilla-ts", "--no-interactive"];
