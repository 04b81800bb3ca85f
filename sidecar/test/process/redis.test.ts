/** Sidecars that share a world through a Redis. */
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeCertificate } from "../../../vite-plugin-matrix-gateway/test/support/certificate.ts";
import {
	connect,
	type Message,
	registerSession,
	type TestClient,
} from "../../../vite-plugin-matrix-gateway/test/support/client.ts";
import { freePort } from "../../../vite-plugin-matrix-gateway/test/support/ports.ts";
import {
	IS_REDIS_MISSING,
	type RedisServer,
	type RedisServerOptions,
	startRedis,
} from "../../../vite-plugin-matrix-gateway/test/support/redis.ts";
import { until } from "../../../vite-plugin-matrix-gateway/test/support/until.ts";
import { connectTo } from "../support/clients.ts";
import { makeFolder } from "../support/folder.ts";
import {
	run,
	SIDECAR_FILE,
	type Sidecar,
	startSidecar,
} from "../support/sidecar.ts";

const PASSWORD = "p%40ss-s3cret";

describe.skipIf(IS_REDIS_MISSING)("with --redis", { timeout: 40_000 }, () => {
	it("is one hub, also as one file where there is no node_modules", async () => {
		const redis = await started();
		const folder = makeFolder();
		const file = join(folder, "server.js");
		copyFileSync(SIDECAR_FILE, file);
		const one = await ready(redis.url, { cwd: folder, file });
		const other = await ready(redis.url);
		const timmy = await agent(one, "timmy");
		const bot = await agent(other, "bot");
		await timmy.next("agent_joined");
		timmy.send({ type: "note", target_id: "bot", n: 1 });
		expect(await bot.next("note")).toMatchObject({ n: 1 });
		bot.send({ type: "note", n: 2 });
		expect(await timmy.next("note")).toMatchObject({ n: 2 });
		const status = await fetch(`${other.httpUrl}/api/gateway/status`);
		const { agents } = (await status.json()) as { agents: unknown };
		expect(agents).toMatchObject([{ agentId: "timmy" }, { agentId: "bot" }]);
	});

	it("listens while Redis is away, says so, and goes on when it comes", async () => {
		const port = await freePort();
		const sidecar = await startSidecar([`--redis=redis://127.0.0.1:${port}`]);
		const away = await readiness(sidecar, 503);
		expect(away).toMatchObject({ status: "behind" });
		await until(
			() => readiness(sidecar, 503),
			({ reason }) => /ECONNREFUSED/.test(String(reason)),
		);
		const redis = await started({ port });
		await readiness(sidecar, 200);
		await agent(sidecar, "timmy");
		await redis.kill();
		await readiness(sidecar, 503);
		await redis.restart();
		await readiness(sidecar, 200);
		expect(await sidecar.child.exit("SIGTERM")).toBe(0);
	});

	it("takes its password from the environment, and shows it nowhere", async () => {
		const redis = await started({ password: decodeURIComponent(PASSWORD) });
		const env = {
			MATRIX_GATEWAY_REDIS: `redis://:${PASSWORD}@127.0.0.1:${redis.port}`,
		};
		const sidecar = await startSidecar(["--log-level=debug"], { env });
		await readiness(sidecar, 200);
		const wrong = await startSidecar([
			`--redis=redis://:wrong-s3cret@127.0.0.1:${redis.port}`,
		]);
		const told = await until(
			() => readiness(wrong, 503),
			({ reason }) =>
				/Redis refuses the user or the password/.test(String(reason)),
		);
		const status = await fetch(`${wrong.httpUrl}/api/gateway/status`);
		const texts = [
			JSON.stringify(told),
			await status.text(),
			wrong.child.logs(),
			sidecar.child.logs(),
		];
		for (const text of texts) expect(text).not.toMatch(/s3cret/);
		await wrong.logged("behind");
	});

	it("writes no secret of anybody's into it", async () => {
		const redis = await started();
		const token = "client-s3cret";
		const sidecar = await ready(redis.url, {
			env: { MATRIX_GATEWAY_TOKEN: token },
		});
		const client = await connect(`${sidecar.wsUrl}/ws/matrix?token=${token}`);
		onTestFinished(() => client.terminate());
		client.send({ type: "agent_register", agentId: "timmy", resume: true });
		const { session } = await client.next("agent_registered");
		const secret = String(session);
		expect(secret.length).toBeGreaterThan(10);
		await client.next("agent_joined");
		const entries = await redis.command(
			...["XRANGE", "matrix:{default}:log", "-", "+"],
		);
		const text = JSON.stringify(entries);
		expect(text).toContain("timmy");
		expect(text).not.toContain(secret);
		expect(text).not.toContain(token);
	});

	it("has keys of its own under another prefix", async () => {
		const redis = await started();
		const one = await ready(redis.url, {}, ["--redis-prefix=one"]);
		const other = await ready(redis.url, {}, ["--redis-prefix=other"]);
		await agent(one, "timmy");
		const bot = await agent(other, "bot");
		await bot.expectNothing();
		const keys = await redis.command("KEYS", "*:log");
		expect([...(keys as string[])].sort()).toEqual([
			"one:{default}:log",
			"other:{default}:log",
		]);
	});

	it("speaks TLS, and trusts what NODE_EXTRA_CA_CERTS names alone", async () => {
		const folder = makeFolder();
		const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
		const certificate = makeCertificate();
		writeFileSync(key, certificate.key);
		writeFileSync(cert, certificate.cert);
		const port = await freePort();
		const settings = ["--tls-port", `${port}`, "--tls-auth-clients", "no"];
		const files = ["--tls-key-file", key, "--tls-cert-file", cert];
		await started({ settings: [...settings, ...files] });
		const url = `rediss://127.0.0.1:${port}`;
		await ready(url, { env: { NODE_EXTRA_CA_CERTS: cert } });
		const stranger = await startSidecar([`--redis=${url}`]);
		await until(
			() => readiness(stranger, 503),
			({ reason }) => /SELF_SIGNED_CERT/.test(String(reason)),
		);
	});

	it("RES3 ORD17 who was told of somebody on a node that has just begun goes on there when its own is killed", async () => {
		const redis = await started();
		const old = await ready(redis.url);
		const timmy = await connectTo(old);
		const { session } = await registerSession(timmy, "timmy");
		await timmy.next("agent_joined");
		// It is told of nobody before it takes part, so that it joins as its node begins.
		const begun = await startSidecar([`--redis=${redis.url}`]);
		await agent(begun, "bot");
		await timmy.next("agent_joined");
		await old.child.exit("SIGKILL");
		const claim = { session, received: 2 };
		const ack = await until(
			async () =>
				registerSession(await connectTo(begun), "timmy", claim).catch(closed),
			({ type }) => type === "agent_registered",
			20_000,
		);
		expect(ack).toMatchObject({ resumed: true });
	});

	it("does not start with --data besides", async () => {
		const folder = join(makeFolder(), "world");
		const args = ["--redis=redis://127.0.0.1", `--data=${folder}`];
		const child = run(args);
		expect(await child.exit()).toBe(2);
		expect(child.logs()).toMatch(/--data and --redis exclude each other/);
	});
});

async function started(options?: RedisServerOptions): Promise<RedisServer> {
	const redis = await startRedis(options);
	onTestFinished(() => redis.stop());
	return redis;
}

/** Starts one, and waits until it takes part. */
async function ready(
	redis: string,
	options?: Parameters<typeof startSidecar>[1],
	args: readonly string[] = [],
): Promise<Sidecar> {
	const sidecar = await startSidecar([`--redis=${redis}`, ...args], options);
	await readiness(sidecar, 200);
	return sidecar;
}

/** Waits until it answers with a status. */
async function readiness(
	{ httpUrl }: Sidecar,
	status: number,
): Promise<Readonly<Record<string, unknown>>> {
	const response = await until(
		() => fetch(`${httpUrl}/readyz`),
		(answer) => answer.status === status,
		20_000,
	);
	return (await response.json()) as Record<string, unknown>;
}

async function agent(sidecar: Sidecar, name: string): Promise<TestClient> {
	const client = await connectTo(sidecar);
	await client.register(name);
	return client;
}

/** What stands for the answer of who closed instead. */
function closed(): Message {
	return { type: "closed" };
}
