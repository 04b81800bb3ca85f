import { once } from "node:events";
import { copyFileSync, readdirSync, statSync } from "node:fs";
import { connect as connectTcp, createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { connect } from "../../../vite-plugin-matrix-gateway/test/support/client.ts";
import packageJson from "../../package.json" with { type: "json" };
import { makeFolder } from "../support/folder.ts";
import {
	type LogLine,
	run,
	SIDECAR_FILE,
	startSidecar,
} from "../support/sidecar.ts";

it("is one file that runs where there is no node_modules", async () => {
	const folder = makeFolder();
	const file = join(folder, "server.js");
	copyFileSync(SIDECAR_FILE, file);
	const { httpUrl } = await startSidecar([], { cwd: folder, file });
	const response = await fetch(`${httpUrl}/api/gateway/status`);
	expect(await response.json()).toMatchObject({ status: "ok", connections: 0 });
	expect(readdirSync(folder)).toEqual(["server.js"]);
});

it("is a program that a shell can start", () => {
	expect(statSync(SIDECAR_FILE).mode & 0o111).toBe(0o111);
});

it("says where it listens", async () => {
	const { wsUrl, httpUrl, lines } = await startSidecar(["--path=/hub"]);
	expect(lines()).toEqual([
		expect.objectContaining({
			level: "info",
			event: "listening",
			host: "127.0.0.1",
			port: Number(new URL(wsUrl).port),
			urls: [`${wsUrl}/hub`],
			http: [`${httpUrl}/`],
		}),
	]);
});

it("tells of everything on one line for people, if asked", async () => {
	const args = ["--host=127.0.0.1", "--port=0", "--log-format=pretty"];
	const child = run(args);
	const [line] = await child.printed(/^.*listening.*\n/m);
	expect(line).toMatch(
		/INFO: listening on ws:\/\/127\.0\.0\.1:\d+\/ws\/matrix /,
	);
	expect(await child.exit("SIGTERM")).toBe(0);
	expect(child.logs().trimEnd().split("\n")).toHaveLength(3);
});

it("listens on this machine alone where it asks for no token, by both addresses of localhost", async () => {
	const { logs } = await listening(["--port=0"]);
	expect(logs).toMatchObject({ host: "127.0.0.1" });
	for (const host of LOCALHOST) {
		const answer = await fetch(`http://${host}:${logs.port}/healthz`);
		expect(answer.status).toBe(200);
		await connect(`ws://${host}:${logs.port}/ws/matrix`);
	}
	for (const address of othersOfThisMachine())
		await expect(reach(address, Number(logs.port))).rejects.toThrow(
			"ECONNREFUSED",
		);
});

it("ends at once where clients came by both addresses of localhost", async () => {
	const { logs, child } = await listening(["--port=0"]);
	for (const host of LOCALHOST) {
		const client = await connect(`ws://${host}:${logs.port}/ws/matrix`);
		await client.register(`by-${host.length}`);
	}
	expect(await child.exit("SIGTERM")).toBe(0);
});

it.each([
	["asks for a token", ["--token=s3cret"]],
	["is told to", ["--host=0.0.0.0"]],
])("listens on all addresses where it %s", async (_when, args) => {
	const { logs } = await listening([...args, "--port=0"]);
	expect(logs).toMatchObject({ host: "0.0.0.0" });
});

it("says on one line that everyone may connect, and what to type instead", async () => {
	const { logged } = await startSidecar(["--host=0.0.0.0"]);
	const { level, msg } = await logged("open");
	expect(level).toBe("warn");
	expect(msg).toMatch(/^NO TOKEN: whoever can reach \S+:\d+[, ]/);
	expect(msg).toContain(
		"MATRIX_GATEWAY_TOKEN=$(openssl rand -hex 16) matrix-gateway --host 0.0.0.0",
	);
	expect(msg).toContain("for this machine alone, without --host");
});

it.each([
	["on this machine only", []],
	["with a token", ["--host=0.0.0.0", "--token=s3cret"]],
])("does not warn %s", async (_where, args) => {
	const { child, lines } = await startSidecar(args);
	await child.exit("SIGTERM");
	expect(lines().map(({ level }) => level)).toEqual(["info", "info", "info"]);
});

it("warns of a variable that is none of its own", async () => {
	const { logged } = await startSidecar([], {
		env: { MATRIX_GATEWAY_TOKN: "s3cret" },
	});
	expect(await logged("environment")).toMatchObject({
		level: "warn",
		variables: ["MATRIX_GATEWAY_TOKN"],
	});
});

it("logs who comes and goes, a line an event", async () => {
	const { wsUrl, lines, logged } = await startSidecar();
	const client = await connect(`${wsUrl}/ws/matrix`);
	const { connectionId } = await client.register("timmy", "bridge");
	client.socket.close(1000);
	await logged("left");
	expect(lines().slice(1)).toEqual([
		expect.objectContaining({ event: "connected", connectionId }),
		expect.objectContaining({
			event: "joined",
			connectionId,
			agentId: "timmy",
			role: "bridge",
		}),
		expect.objectContaining({ event: "disconnected", code: 1000 }),
		expect.objectContaining({ event: "left", reason: "closed" }),
	]);
});

// Elsewhere the operating system lets fewer wait.
it.runIf(process.platform === "linux")(
	"lets a crowd wait while it is busy, and sends none of it away to ask again",
	async () => {
		const { child, httpUrl } = await startSidecar();
		child.process.kill("SIGSTOP");
		const { hostname, port } = new URL(httpUrl);
		const crowd = Array.from({ length: 1_000 }, () =>
			connectTcp({ host: hostname, port: Number(port) }),
		);
		onTestFinished(() => {
			for (const socket of crowd) socket.destroy();
		});
		await Promise.all(crowd.map((socket) => once(socket, "connect")));
	},
);

it("passes its settings on to the gateway", async () => {
	const { wsUrl } = await startSidecar([
		"--heartbeat-interval=1500",
		"--max-payload=2000",
		"--echo",
	]);
	const client = await connect(`${wsUrl}/ws/matrix`);
	expect(await client.register("timmy")).toMatchObject({
		heartbeat: 1.5,
		maxPayload: 2000,
	});
	client.send({ type: "bark" });
	expect(await client.next("bark")).toEqual({ type: "bark" });
});

it.each([
	["--help", /^Usage: matrix-gateway/],
	["help", /^Usage: matrix-gateway/],
	["--version", new RegExp(`^${packageJson.version}\n$`)],
])("answers %s and ends", async (flag, answer) => {
	const child = run([flag]);
	expect(await child.exit()).toBe(0);
	expect(child.logs()).toMatch(answer);
});

it.each([
	[["--prot=1"], {}, 'unknown flag "--prot"'],
	[
		["--port=70000"],
		{},
		'--port: "70000" is not a whole number from 0 to 65535',
	],
	[[], { MATRIX_GATEWAY_PORT: "x" }, 'MATRIX_GATEWAY_PORT: "x" is not'],
	[["--static=/none/such"], {}, '--static: "/none/such" is not a directory'],
	[["--token="], {}, "--token: the value is not"],
	[
		["serv"],
		{},
		"argument 1 is not a flag, nor a subcommand; did you mean serve?",
	],
	[["--token", "--s3cret"], {}, "--token needs a value"],
])("ends with 2 and one line for %j %j", async (args, env, problem) => {
	const child = run(args, { env });
	expect(await child.exit()).toBe(2);
	const [line, ...rest] = child.logs().trimEnd().split("\n");
	expect(line).toMatch(`matrix-gateway: ${problem}`);
	expect(rest).toEqual([]);
});

it("ends with 1 and one line when the port is taken", async () => {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as { port: number };
	const child = run(["--host=127.0.0.1", `--port=${port}`]);
	expect(await child.exit()).toBe(1);
	expect(child.logs()).toBe(
		`matrix-gateway: --port: port ${port} on 127.0.0.1 is already in use\n`,
	);
	server.close();
});

it("ends with 1 and one line when the address is not its own", async () => {
	const child = run(["--host=203.0.113.1", "--port=0"]);
	expect(await child.exit()).toBe(1);
	expect(child.logs()).toBe(
		"matrix-gateway: --host: 203.0.113.1 is no address of this machine (EADDRNOTAVAIL)\n",
	);
});

const LOCALHOST = ["127.0.0.1", ...(hasIpv6() ? ["[::1]"] : [])];

function hasIpv6(): boolean {
	const all = Object.values(networkInterfaces()).flat();
	return all.some((info) => info?.address === "::1");
}

function othersOfThisMachine(): string[] {
	return Object.values(networkInterfaces())
		.flatMap((infos) => infos ?? [])
		.filter(({ internal, family }) => !internal && family === "IPv4")
		.map(({ address }) => address);
}

async function reach(host: string, port: number): Promise<void> {
	const socket = connectTcp({ host, port });
	await once(socket, "connect");
	socket.destroy();
}

/** With exactly these arguments; all that it says of where it listens. */
async function listening(args: readonly string[]) {
	const child = run(args);
	const [line] = await child.printed(/^.*"event":"listening".*(?=\n)/m);
	return { child, logs: JSON.parse(line) as LogLine };
}
