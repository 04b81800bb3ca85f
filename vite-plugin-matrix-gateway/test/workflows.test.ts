/** The workflows do no more than they have to, and do what the documents say of them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";

interface Step {
	readonly uses?: string;
	readonly run?: string;
	readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
	readonly steps: readonly Step[];
	readonly needs?: string | readonly string[];
	readonly permissions?: Readonly<Record<string, string>>;
	readonly environment?: string;
	readonly container?: string;
	readonly "timeout-minutes"?: number;
	readonly strategy?: { readonly matrix: Readonly<Record<string, unknown>> };
}

interface Workflow {
	readonly on: Readonly<Record<string, unknown>>;
	readonly permissions: Readonly<Record<string, string>>;
	readonly concurrency: { readonly group: string };
	readonly jobs: Readonly<Record<string, Job>>;
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FOLDER = join(ROOT, ".github/workflows");
const FILES = readdirSync(FOLDER);

const workflows = new Map(FILES.map((file) => [file, read(file)]));

test("there is one that tests, and one that releases", () => {
	expect(FILES.sort()).toEqual(["ci.yml", "release.yml"]);
});

describe.each(FILES)("%s", (file) => {
	const workflow = workflows.get(file) as Workflow;
	const jobs = Object.entries(workflow.jobs);
	const steps = jobs.flatMap(([, job]) => job.steps);

	test("may read, and no more but where a job says so", () => {
		expect(workflow.permissions).toEqual({ contents: "read" });
	});

	test("does not run twice for the same", () => {
		expect(workflow.concurrency.group).toBeTypeOf("string");
	});

	test.each(jobs)(
		"%s waits for jobs that there are, and ends",
		(_name, job) => {
			for (const name of [job.needs ?? []].flat())
				expect(Object.keys(workflow.jobs)).toContain(name);
			expect(job["timeout-minutes"]).toBeGreaterThan(0);
		},
	);

	test("names the major version of each action", () => {
		for (const { uses } of steps)
			if (uses) expect(uses).toMatch(/^[\w-]+\/[\w-]+@(release\/)?v\d+$/);
	});

	test("keeps no credentials in a checkout", () => {
		for (const step of steps)
			if (step.uses?.startsWith("actions/checkout@"))
				expect(step.with?.["persist-credentials"]).toBe(false);
	});

	test("puts nothing into a shell's text that others may write", () => {
		for (const { run = "" } of steps)
			for (const [, inserted] of run.matchAll(/\$\{\{\s*(.+?)\s*\}\}/g))
				expect(inserted).toMatch(/^matrix\.\w+$/);
	});

	test("runs files and scripts that there are", () => {
		const { scripts } = JSON.parse(
			readFileSync(join(ROOT, "package.json"), "utf8"),
		);
		for (const { run = "" } of steps) {
			if (run.startsWith(".")) expect(existsSync(join(ROOT, run))).toBe(true);
			const [, script] = /npm run ([\w:]+)/.exec(run) ?? [];
			if (script) expect(Object.keys(scripts)).toContain(script);
		}
	});
});

test("ci.yml runs all that must hold on each Node that is supported", () => {
	const { on, jobs } = workflows.get("ci.yml") as Workflow;
	expect(Object.keys(on)).toEqual(["push", "pull_request"]);
	const { all } = jobs;
	expect(all?.strategy?.matrix).toEqual({ node: [20, 22, 24] });
	expect(all?.container).toContain("matrix.node");
	expect(all?.steps.at(-1)?.run).toBe(".ci/run");
});

describe("release.yml", () => {
	const { on, jobs } = workflows.get("release.yml") as Workflow;
	const names = Object.keys(jobs);
	const isPublishing = (name: string) => ["npm", "pypi"].includes(name);

	test("begins with a tag alone", () => {
		expect(on).toEqual({ push: { tags: ["v*"] } });
	});

	test("publishes what was tested, tried and reviewed", () => {
		const packing = jobs.pack?.steps.map(({ run }) => run ?? "") ?? [];
		const tested = packing.indexOf(".ci/run");
		expect(tested).toBeGreaterThan(0);
		expect(packing.findIndex((run) => run.includes("--tag"))).toBeGreaterThan(
			tested,
		);
		for (const name of names.filter(isPublishing)) {
			expect(jobs[name]?.needs).toEqual(["pack", "image"]);
			expect(jobs[name]?.environment).toBe("release");
		}
	});

	test("may write where it publishes, and each job no more than that", () => {
		const permissions = names.map((name) => [name, jobs[name]?.permissions]);
		expect(Object.fromEntries(permissions)).toEqual({
			pack: undefined,
			image: undefined,
			npm: { "id-token": "write" },
			pypi: { "id-token": "write" },
			attach: { contents: "write" },
		});
	});

	test("publishes both packages, with their provenance, and by no token", () => {
		expect(jobs.npm?.strategy?.matrix.package).toEqual(
			["vite-plugin-matrix-gateway", "sidecar"].map(
				(folder) =>
					JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"))
						.name,
			),
		);
		expect(jobs.npm?.steps.at(-1)?.run).toContain("npm publish --provenance");
		expect(JSON.stringify(jobs)).not.toMatch(/secrets\./);
	});
});

function read(file: string): Workflow {
	const document = parseDocument(readFileSync(join(FOLDER, file), "utf8"));
	expect([...document.errors, ...document.warnings]).toEqual([]);
	return document.toJS();
}
