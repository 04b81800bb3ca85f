/** The template does what its README says, for somebody who has that folder and nothing else of ours. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { makeFolder } from "../support/app.ts";
import { type Child, start } from "../support/child.ts";
import { connect } from "../support/client.ts";
import { freePort } from "../support/ports.ts";
import { snippetsOf } from "./documents.ts";
import { npm, QUIETLY } from "./npm.ts";
import { PACKAGES, pack, ROOT } from "./pack.ts";

const TEMPLATE = "playground/template";

const FILES = execFileSync("git", ["ls-files", TEMPLATE], {
	cwd: ROOT,
	encoding: "utf8",
})
	.trim()
	.split("\n");

const manifest = JSON.parse(
	readFileSync(join(ROOT, TEMPLATE, "package.json"), "utf8"),
);

test("it is ten files at most", () => {
	expect(FILES).toContain(`${TEMPLATE}/package.json`);
	expect(FILES.length).toBeLessThanOrEqual(10);
});

test("its README starts it in two commands", () => {
	const [start] = snippetsOf(`${TEMPLATE}/README.md`);
	const commands = start?.text.trim().split("\n") ?? [];
	expect(commands.map((line) => line.replace(/ +#.*/, ""))).toEqual([
		"npm install",
		"npm run dev",
	]);
});

test.each(PACKAGES)(
	"it asks for the version of %s that it is for",
	(folder) => {
		const { name, version } = JSON.parse(
			readFileSync(join(ROOT, folder, "package.json"), "utf8"),
		);
		expect(manifest.devDependencies[name]).toBe(`^${version}`);
	},
);

describe("a copy of it", () => {
	let app: string;

	beforeAll(() => {
		app = makeFolder();
		for (const file of FILES)
			cpSync(join(ROOT, file), join(app, relative(TEMPLATE, file)));
		const packages = PACKAGES.map((folder) => pack(folder).tarball);
		npm(app, "install", "--save-dev", ...QUIETLY, ...packages);
	});

	test("passes its own test", () => {
		expect(npm(app, "test")).toMatch(/Tests +1 passed/);
	});

	test("is built, and served without Vite with its agent", async () => {
		expect(npm(app, "run", "build")).toMatch(/built in/);
		expect(existsSync(join(app, "dist/index.html"))).toBe(true);
		const port = `${await freePort()}`;
		const child = run("start", "--port", port);
		await child.printed(new RegExp(`localhost:${port}|127.0.0.1:${port}`));
		await meetAda(`http://localhost:${port}`);
	});

	test("shows in `vite dev` a page on which Ada answers", async () => {
		const port = `${await freePort()}`;
		await run("dev", "--port", port).printed(/Matrix:\s+ws:/);
		await meetAda(`http://localhost:${port}`);
	});

	/** Opens the page, on which Ada is, and speaks to her. */
	async function meetAda(page: string): Promise<void> {
		expect(await (await fetch(page)).text()).toContain('id="plaza"');
		const visitor = await connect(`${page.replace("http", "ws")}/ws/matrix`);
		// What speaks is greeted at once.
		visitor.send({ type: "ping" });
		const hello = await visitor.next("gateway_hello");
		const agents = hello.agents as { agentId: string }[];
		if (!agents.some(({ agentId }) => agentId === "ada"))
			expect(await visitor.skipTo("agent_joined")).toMatchObject({
				agentId: "ada",
			});
		visitor.send({ type: "visitor_message", text: "Hi" });
		expect(await visitor.skipTo("bark")).toMatchObject({
			agentId: "ada",
			text: "You say “Hi”. Welcome!",
		});
	}

	/** Starts what a script of its manifest starts, so that a signal reaches it without npm between. */
	function run(script: string, ...args: string[]): Child {
		const [command = "", ...given] = manifest.scripts[script].split(" ");
		const file = join(app, "node_modules/.bin", command);
		const child = start(file, [...given, ...args], { cwd: app });
		onTestFinished(async () => void (await child.exit("SIGKILL")));
		return child;
	}
});
