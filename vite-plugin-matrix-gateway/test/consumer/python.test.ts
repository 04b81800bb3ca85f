/** The client for Python as its author publishes it, and as somebody has it who installs that. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { PACKAGE, PYTHONS } from "../python/pythons.ts";
import { sidecar } from "../support/sidecar.ts";

/** Debian has what builds it for its own Python alone. */
const PYTHON = "/usr/bin/python3";

const isSkipped =
	spawnSync(PYTHON, ["-c", "import build, hatchling, pip"]).status !== 0;
if (isSkipped && !process.env.CI)
	console.warn(
		"Skipped: nothing to build the client for Python with (apt install python3-build python3-hatchling python3-pip).",
	);

/** Says hello, and hears what became of that. */
const PROGRAM = `
import asyncio, sys
from importlib.metadata import requires
from matrix_gateway_client import MatrixClient

async def main():
    async with MatrixClient(sys.argv[1], agent_id="ada") as matrix:
        print(*requires("matrix-gateway-client"), list(matrix.agents))
        print(await matrix.deliver("ada", {"type": "note"}))
        async for message in matrix:
            if message["type"] == "note":
                break

asyncio.run(main())
`;

describe.skipIf(isSkipped && !process.env.CI)("the client for Python", () => {
	const folder = join(inject("scratch"), "python");
	const out = join(folder, "dist");

	beforeAll(() => {
		const source = join(folder, "source");
		cpSync(PACKAGE, source, {
			recursive: true,
			filter: (path) => !/__pycache__|\.mypy_cache/.test(path),
		});
		// The wheel is built from the sdist.
		const offline = ["--no-isolation", "--skip-dependency-check"];
		run(PYTHON, ["-m", "build", ...offline, "--outdir", out, source]);
	});

	test("is a wheel with its types, and an sdist with its tests", () => {
		const list = `import sys, tarfile, zipfile
print(*zipfile.ZipFile(sys.argv[1]).namelist(), *tarfile.open(sys.argv[2]).getnames(), sep="\\n")`;
		const names = run(PYTHON, ["-c", list, ...files()]).split("\n");
		expect(names).toContain("matrix_gateway_client/py.typed");
		expect(names).toContain("matrix_gateway_client/_client.py");
		expect(names.join()).toMatch(/\/tests\/test_connecting\.py/);
		expect(names.join()).toMatch(/licenses\/LICENSE/);
	});

	test.each([
		{ kind: "wheel", venv: [] },
		// Where it is installed it is built once more, with the system's tools.
		{ kind: "sdist", venv: ["--system-site-packages"] },
	])("runs in an empty venv from its $kind", async ({ kind, venv }) => {
		const home = join(folder, kind);
		run(PYTHON, ["-m", "venv", "--without-pip", ...venv, home]);
		const [wheel, sdist] = files();
		const file = kind === "wheel" ? wheel : sdist;
		const offline = ["--no-index", "--no-deps", "--no-build-isolation"];
		const python = join(home, "bin/python");
		const install = ["--python", python, "install", "--quiet", ...offline];
		run(PYTHON, ["-m", "pip", ...install, file]);
		const gateway = await sidecar();
		const env = { PYTHONPATH: libraryOf(join(home, "library")) };
		const told = run(python, ["-c", PROGRAM, gateway.url], env);
		expect(told).toBe("websockets>=10.4 ['ada']\ndelivered\n");
		expect(await gateway.stop()).toBe(0);
	});

	/** Its wheel and its sdist. */
	function files(): [string, string] {
		const [wheel = "", sdist = ""] = readdirSync(out).sort();
		expect([wheel, sdist]).toEqual([
			expect.stringMatching(/\.whl$/),
			expect.stringMatching(/\.tar\.gz$/),
		]);
		return [join(out, wheel), join(out, sdist)];
	}
});

/** A folder with the system's `websockets` and nothing else. */
function libraryOf(folder: string): string {
	const [system] = PYTHONS;
	const code = "import websockets; print(websockets.__file__)";
	const file = run(system?.command ?? PYTHON, ["-c", code], system?.env);
	mkdirSync(folder, { recursive: true });
	symlinkSync(dirname(file.trim()), join(folder, "websockets"));
	return folder;
}

function run(
	command: string,
	args: readonly string[],
	env: Readonly<Record<string, string>> = {},
): string {
	return execFileSync(command, args, {
		encoding: "utf8",
		env: { ...process.env, ...env },
	});
}
