/** A project's own agents, from `vite build` to the sidecar. */
import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";
import { expect, it } from "vitest";
import { matrixGateway } from "../../../vite-plugin-matrix-gateway/src/vite/index.ts";
import {
	makeApp,
	makeFolder,
} from "../../../vite-plugin-matrix-gateway/test/support/app.ts";
import { connect } from "../../../vite-plugin-matrix-gateway/test/support/client.ts";
import { SIDECAR_FILE, startSidecar } from "../support/sidecar.ts";

const TOKEN = "s3cret-of-agents";

const ADA = `import { basename } from "node:path";
import { told } from "./lib/told.js";
export const role = "mind";
export default (client) => {
	console.log("here I am", basename("/x/y"));
	client.on("ask", ({ n }) => {
		client.send({ type: told, n });
		if (n === 2) throw new Error("two is too much");
	});
	return () => void client.send({ type: "bye" });
};
`;

const FILES = {
	"agents/ada.js": ADA,
	"agents/lib/told.js": 'export const told = "told";\n',
	"agents/broken.js": "export const live = 7;\n",
};

/** As `vite build` does it. */
async function buildApp(): Promise<string> {
	const root = makeApp(FILES);
	await build({
		...{ root, configFile: false, logLevel: "silent" },
		plugins: [matrixGateway({ agents: "agents/*.js" })],
	});
	return root;
}

it("are built to one file each, run alone, come back after an error, and clean up before the end", async () => {
	const root = await buildApp();
	const agents = join(root, "dist-agents");
	expect(readdirSync(agents).sort()).toEqual(["ada.js", "broken.js"]);
	const imports = /from "(.*)"/g;
	const code = readFileSync(join(agents, "ada.js"), "utf8");
	expect([...code.matchAll(imports)].map(([, of]) => of)).toEqual([
		"node:path",
	]);
	expect(readdirSync(join(root, "dist"))).not.toContain("ada.js");

	const file = join(makeFolder(), "server.js");
	copyFileSync(SIDECAR_FILE, file);
	const env = { MATRIX_GATEWAY_TOKEN: TOKEN };
	const { wsUrl, child, lines } = await startSidecar([`--agents=${agents}`], {
		...{ file, env },
	});
	const headers = { authorization: `Bearer ${TOKEN}` };
	const page = await connect(`${wsUrl}/ws/matrix`, { headers });
	await page.register("page");
	await child.printed(/"agentId":"ada".*agent joined/);
	const ask = (n: number) => page.send({ type: "ask", target_id: "ada", n });
	ask(1);
	expect(await page.skipTo("told")).toMatchObject({ n: 1 });
	ask(2);
	expect(await page.skipTo("told")).toMatchObject({ n: 2 });
	await child.printed(/two is too much/);
	ask(3);
	expect(await page.skipTo("told")).toMatchObject({ n: 3 });
	const about = lines().filter(({ event }) => event === "agent");
	expect(about).toContainEqual(
		expect.objectContaining({ agent: "ada", msg: "here I am y" }),
	);
	expect(about).toContainEqual(
		expect.objectContaining({ agent: "ada", failure: "failed", retryIn: 1000 }),
	);
	expect(about).toContainEqual(
		expect.objectContaining({ agent: "broken", failure: "unloadable" }),
	);

	const ended = child.exit("SIGTERM");
	// Nobody has seen it leave before.
	expect(await page.next("bye")).toEqual({ type: "bye" });
	expect(await page.next("agent_left")).toMatchObject({ agentId: "ada" });
	expect(await page.next("gateway_shutdown")).toMatchObject({
		reason: "shutdown",
	});
	page.close();
	expect(await ended).toBe(0);
	expect(child.logs()).not.toContain(TOKEN);
});

it("a folder without agents is told", async () => {
	const { logged } = await startSidecar([`--agents=${makeFolder()}`]);
	expect(await logged("agents")).toMatchObject({ level: "warn" });
});
