/** The types that are published are whole for those who look at every declaration. */
import { beforeAll, describe, expect, test } from "vitest";
import { writeFiles } from "../support/app.ts";
import { COMPILERS, compile, createProject } from "./project.ts";

/** Uses the types of an entry, so that none is left out. */
const ENTRIES = {
	index: `import matrixGateway, { matrixGateway as named } from "vite-plugin-matrix-gateway";
import type { Plugin } from "vite";
export const plugins: Plugin[] = [matrixGateway({ retain: "matrix" }), named()];
`,
	client: `import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
export const client = createMatrixClient({ url: "ws://localhost/ws/matrix" });
`,
	messages: `import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
import { type Bark, byType, matrixMessage, schemas } from "vite-plugin-matrix-gateway/messages";
export const said: Bark = { type: "bark", text: "Hello" };
const url = "ws://localhost/ws/matrix";
const client = createMatrixClient({ url, schema: byType({ ...schemas, bark: schemas.bark }) });
client.on("bark", ({ text }: { text: string }) => console.log(text));
createMatrixClient({ url, schema: matrixMessage }).send(said);
`,
	protocol: `export * from "vite-plugin-matrix-gateway/protocol";
`,
	server: `import { createServer } from "node:http";
import { H3 } from "h3";
import { attach, createGateway, createHttpApp, createHttpHandler } from "vite-plugin-matrix-gateway/server";
const gateway = createGateway({ onEvent: ({ event }) => console.log(event) });
const server = createServer(createHttpHandler(gateway));
export const detach: () => void = attach(server, gateway, { onRefused: ({ reason }) => console.log(reason) });
export const app = createHttpApp(gateway);
export const answer: Promise<Response> = Promise.resolve(app.fetch(new Request("http://localhost/healthz")));
export const mount = (other: H3) => other.mount("", app);
`,
	mcp: `import { createMcp, serveMcpStdio, type McpOptions } from "vite-plugin-matrix-gateway/mcp";
import { createGateway, createHttpHandler } from "vite-plugin-matrix-gateway/server";
const options: McpOptions = { mcpIdle: 1_000 };
export const handle = createHttpHandler(createGateway(), { mcp: createMcp(options) });
export const serve = (url: string) => serveMcpStdio({ url });
`,
	virtual: `import "vite-plugin-matrix-gateway/virtual";
import { token, url } from "virtual:matrix-gateway";
export const address: [string, string | undefined] = [url, token];
`,
} as const;

/** h3's own declarations name packages that it does not bring: only who imports h3 has them. */
const WITHOUT_H3 = ENTRIES.server.replace(/^.*\bH3\b.*\n/gm, "");

const STRICTEST = {
	target: "es2023",
	strict: true,
	exactOptionalPropertyTypes: true,
	noUncheckedIndexedAccess: true,
	noPropertyAccessFromIndexSignature: true,
	isolatedModules: true,
	verbatimModuleSyntax: true,
	noEmit: true,
	skipLibCheck: false,
	// The compiler's own: a third of its time and more, and not what is published here.
	skipDefaultLibCheck: true,
};

const RESOLUTIONS = [
	{ module: "esnext", moduleResolution: "bundler" },
	{ module: "node16", moduleResolution: "node16" },
	{ module: "nodenext", moduleResolution: "nodenext" },
];

const SURROUNDINGS = [
	{ lib: ["ES2023"], types: ["node"] },
	{ lib: ["ESNext", "DOM"], types: ["node", "vite/client"] },
];

/** All of them take minutes by the compiler that is written in JavaScript. */
const ONE = RESOLUTIONS.slice(-1);
const MOST = SURROUNDINGS.slice(-1);

/** What stands beside the entries in each project, so that a compiler that finds nothing is no proof. */
const WHAT_IS_WRONG = [
	expect.stringContaining("entries/wrong.ts(1,14): error TS2322"),
];

let app: string;

beforeAll(() => {
	app = createProject("h3@^2");
	writeFiles(app, {
		"entries/index.ts": ENTRIES.index,
		"entries/client.ts": ENTRIES.client,
		"entries/mcp.ts": ENTRIES.mcp,
		"entries/protocol.ts": ENTRIES.protocol,
		"entries/server.ts": WITHOUT_H3,
		"entries/virtual.ts": ENTRIES.virtual,
		"h3/server.ts": ENTRIES.server,
		"entries/wrong.ts": "export const wrong: string = 1;\n",
	});
});

describe.each([
	{
		compiler: COMPILERS[0],
		resolutions: RESOLUTIONS,
		surroundings: SURROUNDINGS,
	},
	{ compiler: COMPILERS[1], resolutions: ONE, surroundings: MOST },
])("without skipLibCheck, by $compiler", (given) => {
	const { compiler, resolutions } = given;
	const problems = (options: object, include: readonly string[]) => {
		const compilerOptions = { ...STRICTEST, ...options };
		writeFiles(app, {
			"tsconfig.entries.json": JSON.stringify({ compilerOptions, include }),
		});
		return compile(app, "tsconfig.entries.json", compiler);
	};

	test.each(
		resolutions.flatMap((resolution) =>
			given.surroundings.map((surroundings) => ({
				...resolution,
				...surroundings,
			})),
		),
	)("$moduleResolution with $lib and $types", (options) => {
		expect(problems(options, ["entries"])).toEqual(WHAT_IS_WRONG);
	});

	test.each(resolutions)(
		"in a page, which knows nothing of Node, by $moduleResolution",
		(resolution) => {
			const include = ["client", "protocol", "virtual", "wrong"].map(
				(entry) => `entries/${entry}.ts`,
			);
			const options = { ...resolution, lib: ["ES2023", "DOM"], types: [] };
			expect(problems(options, include)).toEqual(WHAT_IS_WRONG);
		},
	);
});

describe("with skipLibCheck", () => {
	test("h3 takes the app in", () => {
		const compilerOptions = {
			...STRICTEST,
			...RESOLUTIONS[0],
			...SURROUNDINGS[0],
			skipLibCheck: true,
		};
		const project = { compilerOptions, include: ["h3"] };
		writeFiles(app, { "tsconfig.h3.json": JSON.stringify(project) });
		expect(compile(app, "tsconfig.h3.json")).toEqual([]);
	});
});
