/** Errors of the gateway's own, planted in what it calls of Node's [ERR3]. */
import { describe, expect, it } from "vitest";
import {
	connect,
	statusOf,
	type TestClient,
} from "../../../vite-plugin-matrix-gateway/test/support/client.ts";
import { textFrame } from "../../../vite-plugin-matrix-gateway/test/support/frames.ts";
import { upgradeRaw } from "../../../vite-plugin-matrix-gateway/test/support/peer.ts";
import { type Sidecar, startSidecar } from "../support/sidecar.ts";

/** Where it throws, once it was armed: a function of Node's, by the expression that names it. */
interface Fault {
	readonly object: string;
	readonly name: string;
}

/** The gateway's own messages: an error's in receiving a message, an answer's in applying a registration. */
const WRITING: Fault = { object: "Buffer.prototype", name: "write" };
/** The ids of connections. */
const OPENING: Fault = { object: "crypto", name: "randomFillSync" };

const ARMED = "armed";

/** Runs inside the process: after SIGUSR2 the next call of the function throws. */
function plant({ object, name }: Fault): { env: Record<string, string> } {
	const script = `
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
process.on("SIGUSR2", () => {
	const object = ${object};
	const before = object.${name};
	object.${name} = () => {
		object.${name} = before;
		syncBuiltinESMExports();
		throw new Error("planted");
	};
	syncBuiltinESMExports();
	process.stderr.write("${ARMED}\\n");
});`;
	const url = `data:text/javascript,${encodeURIComponent(script)}`;
	return { env: { NODE_OPTIONS: `--import=${url}` } };
}

async function startFaulty(fault: Fault): Promise<Sidecar> {
	return startSidecar([], plant(fault));
}

async function arm({ child }: Sidecar): Promise<void> {
	child.process.kill("SIGUSR2");
	await child.printed(new RegExp(ARMED));
}

async function agent(sidecar: Sidecar, agentId: string): Promise<TestClient> {
	const client = await connect(`${sidecar.wsUrl}/ws/matrix`);
	await client.register(agentId);
	return client;
}

const INTERNAL_ERROR = { code: 1011, reason: "internal error" };
const SECRET = "a payload";

describe("an error in receiving a message", () => {
	it("ERR3 costs its connection, is logged with its stack, and counted", async () => {
		const sidecar = await startFaulty(WRITING);
		const timmy = await agent(sidecar, "timmy");
		const ada = await agent(sidecar, "ada");
		await timmy.next("agent_joined");
		await arm(sidecar);
		ada.send({ type: "gateway_hello", secret: SECRET });
		expect(await ada.expectClosed()).toEqual(INTERNAL_ERROR);
		expect(await timmy.next("agent_left")).toMatchObject({ agentId: "ada" });
		await timmy.expectNothing();
		await agent(sidecar, "ada");

		expect(await sidecar.logged("failed")).toMatchObject({
			level: "error",
			connectionId: expect.any(String),
			err: { message: "planted", stack: expect.stringContaining("    at ") },
		});
		const status = await fetch(`${sidecar.httpUrl}/api/gateway/status`);
		expect(await status.json()).toMatchObject({ totals: { failed: 1 } });
		expect((await fetch(`${sidecar.httpUrl}/readyz`)).status).toBe(200);
		expect(sidecar.child.logs()).not.toContain(SECRET);
		expect(await sidecar.child.exit("SIGTERM")).toBe(0);
	});
});

describe("an error in opening a connection", () => {
	it("ERR3 costs that connection, and is logged with its stack", async () => {
		const sidecar = await startFaulty(OPENING);
		const timmy = await agent(sidecar, "timmy");
		await arm(sidecar);
		// Ids are drawn for many connections at once.
		const clients: TestClient[] = [];
		for (let n = 0; n < 300; n++)
			clients.push(await connect(`${sidecar.wsUrl}/ws/matrix`));
		const ends = clients.map((client) => client.expectClosed());
		expect(await Promise.race(ends)).toEqual(INTERNAL_ERROR);
		const status = await fetch(`${sidecar.httpUrl}/api/gateway/status`);
		expect(await status.json()).toMatchObject({ connections: 300 });
		await timmy.expectNothing();
		expect(await sidecar.logged("refused")).toMatchObject({
			level: "error",
			status: 1011,
			err: { message: "planted", stack: expect.stringContaining("    at ") },
		});
		expect(await sidecar.child.exit("SIGTERM")).toBe(0);
	});
});

describe("an error in applying a command", () => {
	it("ERR3 closes everyone with 1011, is logged with its stack, and ends the process with 1", async () => {
		const sidecar = await startFaulty(WRITING);
		const timmy = await agent(sidecar, "timmy");
		const ada = await connect(`${sidecar.wsUrl}/ws/matrix`);
		await arm(sidecar);
		ada.send({ type: "agent_register", agentId: "ada", secret: SECRET });
		for (const client of [timmy, ada])
			expect(await client.expectClosed()).toEqual(INTERNAL_ERROR);
		expect(await sidecar.child.exit()).toBe(1);
		expect(await sidecar.logged("broken")).toMatchObject({
			level: "fatal",
			err: { message: "planted", stack: expect.stringContaining("    at ") },
		});
		expect(sidecar.child.logs()).not.toContain(SECRET);
	});

	it("ERR3 is not held up by one who does not answer its close frame; meanwhile upgrades get 503", async () => {
		const sidecar = await startFaulty(WRITING);
		const url = `${sidecar.wsUrl}/ws/matrix`;
		const deaf = await upgradeRaw(url);
		deaf.socket.write(textFrame({ type: "agent_register", agentId: "deaf" }));
		await deaf.nextMessage("agent_registered");
		await deaf.nextMessage("agent_joined");
		await arm(sidecar);
		const start = performance.now();
		deaf.socket.write(textFrame({ type: "agent_register", agentId: "two" }));
		expect(await deaf.closeCode()).toBe(1011);
		expect(await statusOf(url)).toBe(503);
		expect((await fetch(`${sidecar.httpUrl}/readyz`)).status).toBe(503);
		expect(await sidecar.child.exit()).toBe(1);
		expect(performance.now() - start).toBeLessThan(5_000);
	});
});
