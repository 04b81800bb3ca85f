/** Several sidecars behind nginx, by the configuration that SCALING.md shows. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { start } from "../../../vite-plugin-matrix-gateway/test/support/child.ts";
import { connect } from "../../../vite-plugin-matrix-gateway/test/support/client.ts";
import { freePort } from "../../../vite-plugin-matrix-gateway/test/support/ports.ts";
import { IS_REDIS_MISSING } from "../../../vite-plugin-matrix-gateway/test/support/redis.ts";
import { until } from "../../../vite-plugin-matrix-gateway/test/support/until.ts";
import { makeFolder } from "../support/folder.ts";
import {
	connectionsOf,
	startSharedSidecars,
} from "../support/shared-sidecars.ts";
import type { Sidecar } from "../support/sidecar.ts";

const CONFIG = readFileSync(
	new URL("../../examples/nginx.conf", import.meta.url),
	"utf8",
);

/** Where CI is set nothing is skipped: there it has to be installed. */
const isMissing =
	IS_REDIS_MISSING ||
	(!process.env.CI && spawnSync("nginx", ["-v"]).error !== undefined);

test("SCALING.md shows it as it is", () => {
	const page = new URL("../../../SCALING.md", import.meta.url);
	expect(readFileSync(page, "utf8")).toContain(`\`\`\`nginx\n${CONFIG}\`\`\``);
});

describe.skipIf(isMissing)("two sidecars on one Redis behind nginx", () => {
	test("are one hub, and share those who come", async () => {
		const { url, sidecars } = await startAll();
		const clients = await connectMany(url, 8);
		for (const [n, client] of clients.entries())
			await client.register(`agent-${n}`);
		clients[0]?.send({ type: "bark", agentId: "agent-0" });
		for (const client of clients.slice(1)) await client.skipTo("bark");
		const counts = await Promise.all(sidecars.map(connectionsOf));
		expect(Math.min(...counts)).toBeGreaterThan(0);
	});

	test("CON3 a page of the proxy's own address is let in, and one of another is not", async () => {
		const { url } = await startAll();
		const origin = url.replace(/^ws(.*)\/ws\/matrix$/, "http$1");
		await connect(url, { origin });
		const foreign = connect(url, { origin: "http://other.example" });
		await expect(foreign).rejects.toThrow("HTTP 403");
	});

	test("RES3 who was on one that is killed goes on with the other", async () => {
		const { url, sidecars } = await startAll();
		const agents = Array.from({ length: 6 }, (_, n) => createAgent(url, n));
		const areOnline = () =>
			agents.every(({ client }) => client.state.status === "online");
		await until(areOnline, Boolean);
		await sidecars[0]?.child.exit("SIGKILL");
		for (const { client } of agents)
			client.send({ type: "bark", text: "still here" });
		await until(
			() => agents.map(({ heard }) => heard()),
			(counts) => counts.every((count) => count === agents.length - 1),
		);
		expect(agents.flatMap(({ lost }) => lost())).toEqual([]);
	});

	test("SH1 one that is about to go is asked by nobody new", async () => {
		const { url, sidecars } = await startAll();
		// It answers no close frame, and holds up the end of whoever it is on.
		const [silent] = await connectMany(url, 1);
		silent?.socket.pause();
		const [one, other] = await Promise.all(sidecars.map(connectionsOf));
		expect([one, other]).toContain(1);
		const going = sidecars[one === 1 ? 0 : 1];
		going?.child.process.kill("SIGTERM");
		await going?.logged("signal");
		await connectMany(url, 4);
		expect(going?.child.process.exitCode).toBeNull();
	});
});

interface Running {
	/** Of the WebSocket, at nginx. */
	readonly url: string;
	readonly sidecars: readonly Sidecar[];
}

async function startAll(): Promise<Running> {
	const { sidecars, portsIn } = await startSharedSidecars("--log-format=json");
	const port = await freePort();
	await startNginx(portsIn(CONFIG.replace("8080", `${port}`)));
	return { url: `ws://127.0.0.1:${port}/ws/matrix`, sidecars };
}

async function startNginx(config: string): Promise<void> {
	const folder = makeFolder();
	writeFileSync(join(folder, "matrix.conf"), config);
	writeFileSync(join(folder, "nginx.conf"), aroundIt(folder));
	const args = ["-p", folder, "-c", "nginx.conf", "-e", "stderr"];
	const child = start("nginx", args);
	onTestFinished(async () => {
		await child.exit("SIGKILL");
	});
	await child.printed(/start worker process|using the "epoll"/);
}

/** Alone in a folder, and one process, which is all that has to be ended. */
function aroundIt(folder: string): string {
	const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
		.map((what) => `${what}_temp_path ${folder}/${what};`)
		.join("\n");
	return `daemon off;
master_process off;
pid ${folder}/pid;
error_log stderr notice;
events {}
http {
access_log off;
${temporary}
include matrix.conf;
}
`;
}

function connectMany(url: string, count: number) {
	return Promise.all(Array.from({ length: count }, () => connect(url)));
}

function createAgent(url: string, n: number) {
	const client = createMatrixClient({
		...{ url, agentId: `agent-${n}`, WebSocket },
		backoff: { min: 20, max: 200 },
	});
	onTestFinished(() => client.dispose());
	let count = 0;
	const losses: string[] = [];
	client.on("bark", () => {
		count++;
	});
	client.onState((state) => {
		if (state.status === "online" && state.resumed === false)
			losses.push(`agent-${n}`);
	});
	return { client, heard: () => count, lost: () => losses };
}
