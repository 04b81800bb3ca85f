/** Hot updates of an app's modules, in a real page: however many, one connection is left. */
import { setTimeout as delay } from "node:timers/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures.ts";
import { startVite } from "../hosts.ts";
import { makeScratch, type Scratch } from "../scratch.ts";

/** Milliseconds after a change in which Vite's watcher drops the next of the same file: nobody types as fast. */
const DROPPED = 50;

/** README's, to the letter but for what it does with what it hears. */
const gateway = (version: number) => `
import { token, url } from "virtual:matrix-gateway";
import { createMatrixClient } from "vite-plugin-matrix-gateway/client";

export const client = createMatrixClient({ url, token, hot: import.meta.hot });
client.on("*", () => {});
window.version = ${version};
`;

const FILES = {
	"package.json": '{ "type": "module", "private": true }',
	"index.html": '<script type="module" src="/main.js"></script>',
	"vite.config.js": `
import matrixGateway from "vite-plugin-matrix-gateway";
export default { plugins: [matrixGateway()] };
`,
	// As a component does it that a framework updates in place: it accepts its own updates.
	"view.js": `
import { client } from "./gateway.js";
document.title = client.state.status;
client.onState(({ status }) => { document.title = status; });
import.meta.hot.accept();
`,
	"main.js": 'import "./view.js";',
	"gateway.js": gateway(0),
};

test.describe("a module that makes a client", { tag: "@dev" }, () => {
	let scratch: Scratch;

	test.beforeEach(() => {
		scratch = makeScratch("hot", FILES);
	});
	test.afterEach(() => scratch.remove());

	async function edit(name: string, text: string): Promise<void> {
		await delay(2 * DROPPED);
		scratch.write(name, text);
	}

	async function open(page: Page) {
		const host = await startVite(scratch.folder);
		await page.goto(host.url);
		await expect(page).toHaveTitle("online");
		// A page that is loaded anew loses this.
		await page.evaluate(() => {
			window.isTheSame = true;
		});
		const connections = async () => {
			const status = await page.request.get(`${host.url}api/gateway/status`);
			return (await status.json()).connections as number;
		};
		expect(await connections()).toBe(1);
		return { host, connections };
	}

	async function expectVersion(page: Page, version: number): Promise<void> {
		await expect.poll(() => page.evaluate(() => window.version)).toBe(version);
		const isTheSame = await page.evaluate(() => window.isTheSame);
		expect(isTheSame, "it was not loaded anew").toBe(true);
	}

	for (const [what, accept] of [
		["that a module which imports it accepts", ""],
		["that it accepts itself", "import.meta.hot.accept();"],
		[
			"that it accepts itself, with a dispose of its author's",
			"import.meta.hot.accept(); import.meta.hot.dispose(() => { window.disposed = true; });",
		],
	] as const)
		test(`leaves one connection after five updates ${what}`, async ({
			page,
		}) => {
			scratch.write("gateway.js", gateway(0) + accept);
			const { host, connections } = await open(page);
			try {
				for (let version = 1; version <= 5; version++) {
					await edit("gateway.js", gateway(version) + accept);
					await expectVersion(page, version);
				}
				await expect.poll(connections).toBe(1);
			} finally {
				await host.stop();
			}
		});

	test("leaves none where it is not imported any more, and one where it is again", async ({
		page,
	}) => {
		const { host, connections } = await open(page);
		try {
			for (let count = 0; count < 3; count++) {
				await edit("view.js", "window.version = -1; import.meta.hot.accept();");
				await expectVersion(page, -1);
				await expect.poll(connections).toBe(0);
				await edit("view.js", FILES["view.js"]);
				await expect(page).toHaveTitle("online");
				await expect.poll(connections).toBe(1);
			}
		} finally {
			await host.stop();
		}
	});
});

declare global {
	interface Window {
		version?: number;
		isTheSame?: boolean;
	}
}
