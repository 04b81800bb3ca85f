/** A world in a folder: what outlives the process, and who may have it. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { expect, it, onTestFinished } from "vitest";
import {
	registerSession,
	type TestClient,
} from "../../../vite-plugin-matrix-gateway/test/support/client.ts";
import { until } from "../../../vite-plugin-matrix-gateway/test/support/until.ts";
import { connectTo } from "../support/clients.ts";
import { makeFolder } from "../support/folder.ts";
import { run, type Sidecar, startSidecar } from "../support/sidecar.ts";

interface Status {
	readonly agents: readonly {
		readonly agentId: string;
		readonly state: string;
	}[];
	readonly order?: { readonly state: string; readonly reason?: string };
}

async function statusOf({ httpUrl }: Sidecar): Promise<Status> {
	const response = await fetch(`${httpUrl}/api/gateway/status`);
	return (await response.json()) as Status;
}

/** Plants a tree, and is sure that it stands. */
async function plant(
	client: TestClient,
	tree: string,
	leaves = "",
): Promise<void> {
	client.send({ type: "plant", tree, leaves, retain: { key: tree } });
	client.send({ type: "ping" });
	await client.skipTo("pong");
}

/** What a newcomer is sent of the garden. */
async function gardenOf(sidecar: Sidecar): Promise<unknown[]> {
	const viewer = await connectTo(sidecar);
	viewer.send({ type: "ping" });
	await viewer.next("gateway_hello");
	const trees: unknown[] = [];
	for (;;) {
		const message = await viewer.next();
		if (message.type === "pong") return trees;
		trees.push(message.tree);
	}
}

it.each([
	["SIGTERM", "second"],
	["SIGKILL", "second"],
	["SIGTERM", "always"],
	["SIGKILL", "always"],
	["SIGKILL", "never"],
] as const)(
	"the garden stands, and its gardener goes on, after %s (--fsync %s)",
	async (signal, fsync) => {
		const args = [`--data=${join(makeFolder(), "world")}`, `--fsync=${fsync}`];
		const first = await startSidecar(args);
		const timmy = await connectTo(first);
		const { session } = await registerSession(timmy, "timmy");
		await timmy.next("agent_joined");
		await plant(timmy, "oak");
		await first.child.exit(signal);
		const second = await startSidecar(args);
		const { agents } = await until(
			() => statusOf(second),
			({ agents: [agent] }) => agent?.state === "detached",
		);
		expect(agents).toMatchObject([{ agentId: "timmy" }]);
		expect(await gardenOf(second)).toEqual(["oak"]);
		expect(await second.logged("restored")).toMatchObject({ agents: 1 });
		const bot = await connectTo(second);
		await registerSession(bot, "bot", undefined);
		bot.send({ type: "hello", target_id: "timmy", receipt: "r" });
		expect(await bot.skipTo("gateway_receipt")).toMatchObject({
			status: "queued",
		});
		const again = await connectTo(second);
		// A goodbye, where there was one.
		const received = signal === "SIGTERM" ? 2 : 1;
		const claim = { session, received };
		expect(await registerSession(again, "timmy", claim)).toMatchObject({
			resumed: true,
			received: 1,
		});
		expect(await again.next()).toMatchObject({ type: "agent_joined" });
		expect(await again.next()).toMatchObject({ type: "hello" });
		expect(await bot.skipTo("gateway_receipt")).toMatchObject({
			status: "delivered",
		});
	},
);

it("refuses a folder that another process has, by its number", async () => {
	const data = `--data=${makeFolder()}`;
	const first = await startSidecar([data]);
	const second = run(["--port=0", data]);
	expect(await second.exit()).toBe(1);
	expect(second.logs()).toMatch(
		new RegExp(
			`^matrix-gateway: --data: \\S+ is in use by another process \\(${first.child.process.pid}\\)\n$`,
		),
	);
	expect((await statusOf(first)).agents).toEqual([]);
});

it.skipIf(process.platform !== "linux")(
	"does not start where no folder can be, and names the flag in one line",
	async () => {
		const folder = "/proc/world";
		const child = run(["--port=0", `--data=${folder}`]);
		expect(await child.exit()).toBe(1);
		expect(child.logs()).toMatch(/^matrix-gateway: --data: .+\n$/);
		const importing = run(["data", folder, "--import"], { input: "" });
		expect(await importing.exit()).toBe(1);
		expect(importing.logs()).toMatch(/^matrix-gateway: .+\n$/);
	},
);

it("does not start on a disk that is full", async ({ skip }) => {
	const disk = mountSmall(64);
	if (!disk) return skip("no file system can be mounted here");
	spawnSync("sh", ["-c", `cat /dev/zero > ${join(disk, "filler")}`]);
	const child = run(["--port=0", `--data=${join(disk, "world")}`]);
	expect(await child.exit()).toBe(1);
	expect(child.logs()).toMatch(/^matrix-gateway: --data: .*ENOSPC.*\n$/);
});

it("does not start with data of a newer format, and names the file in one line", async () => {
	const folder = makeFolder();
	const payload = Buffer.from('{"format":9}\n');
	const header = Buffer.from("f54d58f60000000000000000", "hex");
	header.writeUInt32LE(payload.length, 4);
	header.writeUInt32LE(crc32(payload), 8);
	const line = Buffer.from("matrix-gateway data\n");
	const path = join(folder, "0000000001.snapshot");
	writeFileSync(path, Buffer.concat([line, header, payload]));
	const child = run(["--port=0", `--data=${folder}`]);
	expect(await child.exit()).toBe(1);
	expect(child.logs()).toMatch(
		/^matrix-gateway: --data: 0000000001\.snapshot is of format 9, .+\n$/,
	);
});

it("has no token in any file, nor in an export", async () => {
	const folder = makeFolder();
	const token = "s3cret-of-the-operator";
	const args = [`--data=${folder}`, `--token=${token}`];
	const first = await startSidecar(args);
	const timmy = await connectTo(first, `?token=${token}`);
	const { session } = await registerSession(timmy, "timmy");
	const secret = String(session);
	await plant(timmy, "oak");
	timmy.socket.terminate();
	const again = await connectTo(first, `?token=${token}`);
	await registerSession(again, "timmy", { session: secret, received: 0 });
	await first.child.exit("SIGTERM");
	const files = readdirSync(folder);
	expect(files.length).toBeGreaterThan(2);
	for (const name of files) {
		const path = join(folder, name);
		const text = readFileSync(path, "latin1");
		expect(statSync(path).mode & 0o777, name).toBe(0o600);
		for (const word of [token, secret]) expect(text).not.toContain(word);
	}
	const child = run(["data", folder, "--export"]);
	expect(await child.exit()).toBe(0);
	expect(child.logs()).toContain("oak");
	for (const word of [token, secret]) expect(child.logs()).not.toContain(word);
});

it("tells what is in a folder, and moves it into another", async () => {
	const [folder, other] = [makeFolder(), join(makeFolder(), "other")];
	const first = await startSidecar([`--data=${folder}`]);
	const timmy = await connectTo(first);
	await registerSession(timmy, "timmy");
	await plant(timmy, "oak");
	const told = run(["data", folder]);
	expect(await told.exit()).toBe(0);
	expect(told.logs()).toMatch(/1 agent, 1 session/);
	expect(told.logs()).toMatch(/1 retained message,/);
	expect(told.logs()).toMatch(/\n {2}publish on \S+ \d+ bytes\n/);
	const exported = run(["data", folder, "--export"]);
	expect(await exported.exit()).toBe(0);
	const imported = run(["data", other, "--import"], {
		input: exported.logs(),
	});
	expect(await imported.exit()).toBe(0);
	const second = await startSidecar([`--data=${other}`]);
	expect(await gardenOf(second)).toEqual(["oak"]);
	const twice = run(["data", other, "--import"], { input: exported.logs() });
	expect(await twice.exit()).toBe(1);
	expect(twice.logs()).toMatch(/^matrix-gateway: .+\n$/);
});

/** A file system of so many KiB, where this process may make one. */
function mountSmall(kib: number): string | undefined {
	const folder = makeFolder();
	const options = ["-t", "tmpfs", "-o", `size=${kib}k`, "tmpfs", folder];
	if (spawnSync("mount", options).status !== 0) return undefined;
	onTestFinished(() => void spawnSync("umount", ["-l", folder]));
	return folder;
}

it("goes on from memory where the disk is full, says so, and keeps the world again once there is room", async ({
	skip,
}) => {
	const disk = mountSmall(1024);
	if (!disk) return skip("no file system can be mounted here");
	const filler = join(disk, "filler");
	const first = await startSidecar([`--data=${join(disk, "world")}`]);
	const timmy = await connectTo(first);
	await registerSession(timmy, "timmy");
	await plant(timmy, "oak");
	expect(spawnSync("sh", ["-c", `cat /dev/zero > ${filler}`]).status).not.toBe(
		0,
	);
	for (let n = 0; n < 5; n++)
		await plant(timmy, `tree ${n}`, "x".repeat(5_000));
	expect(await first.logged("degraded")).toMatchObject({ level: "error" });
	const { order } = await statusOf(first);
	expect(order).toMatchObject({ state: "degraded" });
	const ready = await fetch(`${first.httpUrl}/readyz`);
	expect(await ready.text()).toContain("degraded");
	expect(await gardenOf(first)).toHaveLength(6);
	expect(spawnSync("rm", [filler]).status).toBe(0);
	await first.logged("durable");
	await plant(timmy, "willow");
	await until(
		() => statusOf(first),
		({ order }) => order?.state === "ok",
	);
	await first.child.exit("SIGKILL");
	const second = await startSidecar([`--data=${join(disk, "world")}`]);
	expect(await gardenOf(second)).toHaveLength(7);
}, 60_000);

it("whose entry has gone from the file of tokens meanwhile does not wait any more", async () => {
	const folder = makeFolder();
	const tokens = join(folder, "tokens.json");
	const entries = ["timmy", "ada"].map((name) => ({
		...{ name, token: name, agents: [name] },
		...(name === "ada" && { operate: true }),
	}));
	writeFileSync(tokens, JSON.stringify(entries));
	const args = [
		`--data=${join(folder, "world")}`,
		`--tokens=${tokens}`,
		"--worlds=*",
	];
	const first = await startSidecar(args);
	for (const world of ["", "/garden"])
		for (const { name } of entries) {
			const client = await connectTo(first, `${world}?token=${name}`);
			await registerSession(client, name);
		}
	await first.child.exit("SIGTERM");
	writeFileSync(tokens, JSON.stringify(entries.slice(1)));
	const second = await startSidecar(args);
	// That is there once somebody asks for it.
	await connectTo(second, "/garden?token=ada");
	for (const world of ["default", "garden"]) {
		const url = `${second.httpUrl}/api/gateway/status?token=ada&world=${world}`;
		const { agents } = await until(
			async () => (await (await fetch(url)).json()) as Status,
			({ agents }) => agents.length < 2,
		);
		expect(agents).toMatchObject([{ agentId: "ada", state: "detached" }]);
	}
	expect(await second.logged("left")).toMatchObject({
		...{ agentId: "timmy", reason: "revoked" },
	});
});
