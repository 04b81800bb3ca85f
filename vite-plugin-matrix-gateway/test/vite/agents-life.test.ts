/** What an agent keeps over its lives, in `vite dev`. */
import { renameSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { createMatrixClient } from "../../src/client/index.ts";
import { makeApp, writeFiles } from "../support/app.ts";
import { until } from "../support/until.ts";
import { serve } from "../support/vite-server.ts";

/** An agent, and all that a page hears. */
async function begin(text: string) {
	const root = makeApp({ "agents/ada.js": text });
	const served = await serve(
		{ root, cacheDir: `${root}/.vite`, server: { watch: {} } },
		{ agents: "agents/*.js" },
	);
	const url = served.url();
	const client = createMatrixClient({ url, agentId: "page", WebSocket });
	onTestFinished(() => client.dispose());
	const seen: string[] = [];
	client.on("*", ({ type, agentId, n }) =>
		seen.push(
			[type, agentId, n].filter((part) => part !== undefined).join(" "),
		),
	);
	return {
		...{ ...served, root, client, seen },
		edit: (text: string) => writeFiles(root, { "agents/ada.js": text }),
		sees: (text: string) =>
			until(
				() => seen,
				(all) => all.includes(text),
			),
	};
}

const counting = (edit: number) => `const { data } = import.meta.hot;
data.count = (data.count ?? 0) + 1;
export default (client) => client.send({ type: "lives", n: \`\${data.count} ${edit}\` }) && undefined;
`;

test("`hot.data` outlives edits and a full reload; a file that is renamed is another agent", async () => {
	const ada = await begin(counting(0));
	await ada.sees("lives 1 0");
	ada.edit(counting(1));
	await ada.sees("lives 2 1");
	ada.server.environments.agents?.hot.send({ type: "full-reload" });
	await ada.sees("lives 3 1");
	renameSync(`${ada.root}/agents/ada.js`, `${ada.root}/agents/bob.js`);
	await ada.sees("agent_left ada");
	await ada.sees("agent_joined bob");
	await ada.sees("lives 1 1");
	expect(ada.logs()).not.toContain("cannot be loaded");
});

test("after `process.exit()` it comes back to its session, and nothing is lost", async () => {
	const ada = await begin(`export default (client) => {
	client.on("ask", ({ n }) => client.send({ type: "told", n }));
	client.on("go", () => process.exit(5));
	client.send({ type: "lives" });
};
`);
	await ada.sees("lives");
	ada.client.sendTo("ada", { type: "ask", n: 1 });
	ada.client.sendTo("ada", { type: "go" });
	await until(ada.logs, (text) => text.includes("process.exit(5)"));
	for (const n of [2, 3]) ada.client.sendTo("ada", { type: "ask", n });
	await ada.sees("told 3");
	const told = ada.seen.filter((text) => text.startsWith("told"));
	expect(told).toEqual(["told 1", "told 2", "told 3"]);
	expect(ada.seen).not.toContain("agent_left ada");
});
