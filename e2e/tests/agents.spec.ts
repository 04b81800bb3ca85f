/** Agents beside the page in `vite dev`: their errors over it, and no reload of it. */
import { expect, test } from "../fixtures.ts";
import { startVite } from "../hosts.ts";
import { makeScratch } from "../scratch.ts";

const ada = (line: string) => `interface Speaker {
	send(message: object): void;
}
export default function (client: Speaker): void {
	${line}
	client.send({ type: "bark", agentId: "ada", text: "here" });
}
`;

const FILES = {
	"package.json": '{ "type": "module", "private": true }',
	"index.html": '<script type="module" src="/main.js"></script>',
	"vite.config.js": `
import matrixGateway from "vite-plugin-matrix-gateway";
export default { plugins: [matrixGateway({ agents: "agents/*.ts" })] };
`,
	"main.js": `
import { url } from "virtual:matrix-gateway";
import { createMatrixClient } from "vite-plugin-matrix-gateway/client";

const client = createMatrixClient({ url });
document.title = "no agent";
client.onAgents((agents) => { document.title = [...agents.keys()].join() || "no agent"; });
`,
	"agents/ada.ts": ada(""),
};

test("an agent's error is over the page, with its file and line, until it is mended", {
	tag: "@dev",
}, async ({ page }) => {
	const { folder, write, remove } = makeScratch("agents", FILES);
	const host = await startVite(folder);
	try {
		await page.goto(host.url);
		await expect(page).toHaveTitle("ada");
		// A page that is loaded anew loses this.
		await page.evaluate(() => {
			window.isTheSame = true;
		});
		const overlay = page.locator("vite-error-overlay");
		for (const [line, message] of [
			['throw new Error("not yet");', "not yet"],
			["const no: = 1;", "nexpected token"],
			['setTimeout(() => { throw new TypeError("late"); });', "late"],
		] as const) {
			write("agents/ada.ts", ada(line));
			await expect(overlay.locator(".message-body")).toContainText(message);
			await expect(overlay.locator(".file")).toContainText("agents/ada.ts:5");
			await expect(overlay.locator(".frame")).toContainText(line);
			write("agents/ada.ts", ada(`// ${message}`));
			await expect(overlay).toHaveCount(0);
		}
		await expect(page).toHaveTitle("ada");
		expect(await page.evaluate(() => window.isTheSame)).toBe(true);

		write("agents/ada.ts", ada('throw new Error("for who comes");'));
		await expect(overlay).toHaveCount(1);
		await page.reload();
		await expect(overlay.locator(".file")).toContainText("agents/ada.ts:5");
		write("agents/ada.ts", ada(""));
		await expect(overlay).toHaveCount(0);
		await expect(page).toHaveTitle("ada");
	} finally {
		await host.stop();
		remove();
	}
});

declare global {
	interface Window {
		isTheSame?: boolean;
	}
}
