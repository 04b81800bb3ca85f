/** The container and the units of systemd, as far as they can be tried without either. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { makeCertificateFiles } from "../support/certificate-files.ts";
import { LOCAL, run, startSidecar } from "../support/sidecar.ts";

const fileOf = (name: string) =>
	fileURLToPath(new URL(`../../${name}`, import.meta.url));
const DOCKERFILE = readFileSync(fileOf("Dockerfile"), "utf8");

describe("Dockerfile", () => {
	it("runs the gateway by itself, as nobody in particular", () => {
		expect(DOCKERFILE).toMatch(/^USER node$/m);
		expect(argumentsOf(/^ENTRYPOINT (\[.*\])$/m).slice(0, 1)).toEqual(["node"]);
	});

	it("has commands that the program knows", async () => {
		const serve = argumentsOf(/^CMD (\[.*\])$/m);
		const child = run([...serve, ...LOCAL, "--log-format=json"]);
		const [, port] = await child.printed(/"port":(\d+)/);
		const [, , ...health] = argumentsOf(/^\tCMD (\[.*\])$/m);
		const env = { MATRIX_GATEWAY_PORT: `${port}` };
		expect(await run(health, { env }).exit()).toBe(0);
		await child.exit("SIGTERM");
		expect(await run(health, { env }).exit()).toBe(1);
	});
});

describe("health", () => {
	it("asks by TLS where that is spoken", async () => {
		const { flags } = makeCertificateFiles();
		const { httpUrl } = await startSidecar(flags);
		const { port } = new URL(httpUrl);
		const args = ["health", `--port=${port}`, ...flags.slice(0, 1)];
		expect(await run(args).exit()).toBe(0);
	});

	it("says on one line that nobody is there", async () => {
		const child = run(["health", "--port=1"]);
		expect(await child.exit()).toBe(1);
		expect(child.logs()).toMatch(
			/^matrix-gateway: 127\.0\.0\.1:1 does not answer: .+\n$/,
		);
	});
});

/** A part of systemd, which need not run. */
const isMissing = spawnSync("systemd-analyze", ["--version"]).status !== 0;

describe.skipIf(isMissing)("the units of systemd", () => {
	const service = fileOf("matrix-gateway.service");

	it("are as it wants them", () => {
		const units = [service, fileOf("matrix-gateway.socket")];
		const { stdout, stderr } = analyze(["verify", "--man=no", ...units]);
		// Those of the machine are none of ours.
		const lines = `${stdout}${stderr}`.split("\n");
		const problems = lines.filter((line) => line.includes("matrix-gateway"));
		// Node may be elsewhere on this machine.
		expect(problems.filter((line) => !/not executable/.test(line))).toEqual([]);
	});

	it("leave the gateway little", () => {
		const args = ["security", "--offline=true", "--threshold=20", service];
		expect(analyze(args).status).toBe(0);
	});
});

function analyze(args: readonly string[]) {
	return spawnSync("systemd-analyze", args, { encoding: "utf8" });
}

/** Of a command in exec form. */
function argumentsOf(pattern: RegExp): string[] {
	return JSON.parse(pattern.exec(DOCKERFILE)?.[1] ?? "");
}
