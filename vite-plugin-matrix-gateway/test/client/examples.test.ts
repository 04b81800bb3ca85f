import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "../../..");
const SOURCE = join(HERE, "../../src");

/** What is imported by users, and so documented with examples. */
const FOLDERS = ["client", "messages", "node", "vite"];

/** What an example may take for granted. */
const GIVEN = `
/// <reference types="vite/client" />
declare const client: import("vite-plugin-matrix-gateway/client").MatrixClient;
declare const url: string;
`;

interface Example {
	/** The file and the line that it is from. */
	readonly name: string;
	readonly text: string;
}

/** Every `@example` of the doc comments. */
function findExamples(): Example[] {
	return FOLDERS.flatMap((folder) =>
		readdirSync(join(SOURCE, folder))
			.filter((file) => file.endsWith(".ts"))
			.flatMap((file) => examplesOf(`${folder}/${file}`)),
	);
}

function examplesOf(file: string): Example[] {
	const text = readFileSync(join(SOURCE, file), "utf8");
	return [...text.matchAll(/\/\*\*.*?\*\//gs)].flatMap((comment) => {
		const lines = comment[0].split("\n").map((line) => line.trim());
		const first = text.slice(0, comment.index).split("\n").length;
		const start = lines.indexOf("* @example");
		if (start < 0) return [];
		const end = lines.findIndex(
			(line, index) => index > start && /^\*(\/| @)/.test(line),
		);
		const code = lines.slice(start + 1, end);
		return {
			name: `${file}:${first + start}`,
			text: code.map((line) => line.replace(/^\* ?/, "")).join("\n"),
		};
	});
}

const OPTIONS: ts.CompilerOptions = {
	target: ts.ScriptTarget.ESNext,
	module: ts.ModuleKind.ESNext,
	moduleResolution: ts.ModuleResolutionKind.Bundler,
	strict: true,
	exactOptionalPropertyTypes: true,
	noEmit: true,
	skipLibCheck: true,
	allowImportingTsExtensions: true,
	resolveJsonModule: true,
	lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
	types: ["node"],
	typeRoots: [join(ROOT, "node_modules/@types")],
	paths: {
		"vite-plugin-matrix-gateway": [join(SOURCE, "vite/index.ts")],
		"vite-plugin-matrix-gateway/client": [join(SOURCE, "client/index.ts")],
		"vite-plugin-matrix-gateway/server": [join(SOURCE, "node/server.ts")],
	},
};

/** What is wrong with each of the texts, compiled as modules of a project that uses the package. */
function compile(examples: readonly Example[]): Map<string, string[]> {
	const files = new Map([[join(HERE, "given.d.ts"), GIVEN]]);
	const pathOf = ({ name }: Example) =>
		join(HERE, `${name.replace(/\W/g, "-")}.ts`);
	for (const example of examples)
		files.set(pathOf(example), `${example.text}\nexport {};\n`);
	const program = ts.createProgram(
		[...files.keys()],
		OPTIONS,
		createHost(files),
	);
	return new Map(
		examples.map((example) => [
			example.name,
			problemsOf(program, pathOf(example)),
		]),
	);
}

/** The real files, and some that are not there. */
function createHost(files: ReadonlyMap<string, string>): ts.CompilerHost {
	const host = ts.createCompilerHost(OPTIONS);
	return {
		...host,
		fileExists: (file) => files.has(file) || host.fileExists(file),
		readFile: (file) => files.get(file) ?? host.readFile(file),
		getSourceFile(file, target, ...rest) {
			const text = files.get(file);
			if (text === undefined) return host.getSourceFile(file, target, ...rest);
			return ts.createSourceFile(file, text, target);
		},
	};
}

function problemsOf(program: ts.Program, file: string): string[] {
	const source = program.getSourceFile(file);
	return ts
		.getPreEmitDiagnostics(program, source)
		.map(({ messageText }) =>
			ts.flattenDiagnosticMessageText(messageText, "\n"),
		);
}

const EXAMPLES = findExamples();

const WRONG: Example = {
	name: "wrong",
	text: 'client.send({ type: "bark", agentId: "timmy" });',
};

describe("the examples in the documentation of the API", () => {
	let problems: Map<string, string[]>;

	beforeAll(() => {
		problems = compile([...EXAMPLES, WRONG]);
	}, 60_000);

	it.each(EXAMPLES)("compile: $name", ({ name, text }) => {
		expect(text.trim()).not.toBe("");
		expect(problems.get(name)).toEqual([]);
	});

	it("are looked at closely", () => {
		expect(problems.get(WRONG.name)).toEqual([
			expect.stringContaining("Property 'text' is missing"),
		]);
	});

	it("are there for every member of the client", () => {
		const api = readFileSync(join(SOURCE, "client/matrix-client.ts"), "utf8");
		const members = [...api.matchAll(/^\t(\w+)(<.*)?\($/gm)].map(
			([, name]) => name,
		);
		expect(members).toContain("deliver");
		const all = EXAMPLES.map(({ text }) => text).join("\n");
		for (const member of members) expect(all).toContain(`client.${member}(`);
	});
});
