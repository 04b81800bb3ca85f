/** The code in every README does what a newcomer expects of it: it compiles, in an app of their own. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { writeFiles } from "../support/app.ts";
import { findPython } from "../support/python.ts";
import { READMES, type Snippet, snippetsOf } from "./documents.ts";
import { PACKAGES, ROOT } from "./pack.ts";
import { COMPILERS, compile, createProject } from "./project.ts";

const SNIPPETS = READMES.flatMap(snippetsOf);

/** Languages that nothing here can check. */
const UNCHECKED = ["dockerfile", "ini", "nginx", "caddyfile", "yaml"];

const PYTHON = findPython("import ast")?.command ?? "";

/** Parsed, not run. */
const PARSERS: Readonly<Record<string, readonly string[]>> = {
	sh: ["bash", "-n"],
	python: [PYTHON, "-c", "import ast, sys; ast.parse(sys.stdin.read())"],
};

const TYPED = SNIPPETS.filter(({ language }) => /^[jt]s$/.test(language));

/** Broken in the ways that a newcomer met. */
const BROKEN: readonly Snippet[] = [
	{
		name: "broken page",
		language: "ts",
		text: `import { token, url } from "virtual:matrix-gateway";
import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
const move = (agentId: string) => console.log(agentId);
createMatrixClient({ url, token }).on("agent_move", ({ agentId }) => move(agentId));
`,
	},
	{ name: "broken agent", language: "js", text: "socket.send(1);\n" },
];

/** What each compiler finds, by the name of the snippet. */
const problems = new Map<string, Map<string, string[]>>();
let app: string;

beforeAll(() => {
	app = createProject("@types/ws@^8", "ws@^8", "h3@^2", "vitest@~4.1.11");
	const all = [...TYPED, ...BROKEN];
	writeFiles(
		app,
		Object.fromEntries(all.map((one) => [pathOf(one), one.text])),
	);
	for (const compiler of COMPILERS) {
		const lines = ["tsconfig.json", "tsconfig.node.json"].flatMap((project) =>
			compile(app, project, compiler),
		);
		const found = all.map(
			(one) =>
				[
					one.name,
					lines.filter((line) => line.startsWith(`${pathOf(one)}(`)),
				] as const,
		);
		problems.set(compiler, new Map(found));
	}
}, 300_000);

describe.each(COMPILERS)("in an app from create-vite, by %s", (compiler) => {
	test.each(TYPED)("$name compiles", ({ name }) => {
		expect(problems.get(compiler)?.get(name)).toEqual([]);
	});

	test.each(BROKEN)("$name does not", ({ name }) => {
		expect(problems.get(compiler)?.get(name)).toEqual([
			expect.stringMatching(/error TS(2345|2304)/),
		]);
	});
});

test.each(PACKAGES)("%s shows code in its README", (folder) => {
	const names = TYPED.map(({ name }) => name);
	expect(names).toContainEqual(expect.stringContaining(`${folder}/README.md:`));
});

test.for(SNIPPETS.filter(({ language }) => language in PARSERS))(
	"$name can be parsed",
	({ language, text }, { skip }) => {
		skip(language === "python" && !PYTHON && !process.env.CI);
		const [command = "", ...args] = PARSERS[language] ?? [];
		execFileSync(command, args, { input: text, stdio: "pipe" });
	},
);

test.each(SNIPPETS.filter(({ language }) => language === "json"))(
	"$name is JSON, as a whole or line by line",
	({ text }) => {
		const isWhole = /^\S$/m.test(text);
		for (const one of isWhole ? [text] : text.trim().split("\n"))
			expect(typeof JSON.parse(one)).toBe("object");
	},
);

test("no other language stands in a README", () => {
	const known = ["ts", "js", "json", ...Object.keys(PARSERS), ...UNCHECKED];
	const others = SNIPPETS.filter(({ language }) => !known.includes(language));
	expect(others.map(({ name }) => name)).toEqual([]);
});

test("the sidecar's command is there", () => {
	const command = join(app, "node_modules/.bin/matrix-gateway");
	const version = execFileSync(command, ["--version"], { encoding: "utf8" });
	expect(version).toMatch(/\d+\.\d+\.\d+/);
	expect(command.startsWith(ROOT)).toBe(false);
});

/**
 * What imports the virtual module is a page's, and goes beside nothing that declares that module but
 * the client, so the line that does so by hand goes elsewhere. What imports nothing is for the
 * browser's console, which knows what a page knows.
 */
function pathOf({ name, language, text }: Snippet): string {
	const file = name.replace(/\W+/g, "-");
	if (text.includes('from "virtual:')) return `src/${file}.ts`;
	if (!/^import |^\/\/\/ /m.test(text)) return `src/${file}.ts`;
	return `node/${file}.${language}`;
}
