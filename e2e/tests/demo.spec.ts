import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { drawNothing, expect, openWorld, snapshot, test } from "../fixtures.ts";

test("`npm run dev` is a living world: agents move and speak within 10 s", {
	tag: "@dev",
}, async ({ page, context, start }) => {
	// Without a graphics card drawing takes the time that is measured here.
	await drawNothing(context);
	const host = await start({ environment: { MATRIX_DEMO: "1" } });
	await openWorld(page, host.url);
	const opened = Date.now();
	const moved = new Map<string, Set<string>>();
	const spoke = new Set<string>();
	await expect
		.poll(
			async () => {
				for (const { agentId, target, bubble } of (await snapshot(page))
					.agents) {
					const targets = moved.get(agentId) ?? new Set();
					moved.set(agentId, targets.add(JSON.stringify(target)));
					if (bubble) spoke.add(agentId);
				}
				const movers = [...moved].filter(([, targets]) => targets.size > 1);
				return { areMoving: movers.length >= 2, areSpeaking: spoke.size >= 2 };
			},
			{ timeout: 20_000 },
		)
		.toEqual({ areMoving: true, areSpeaking: true });
	expect(Date.now() - opened).toBeLessThan(10_000);
	await expect(page.getByTestId("roster")).toContainText("iris");
});

test("an agent in Python stands in the same world", {
	tag: "@page",
}, async ({ page, context, host }) => {
	const python = findPython();
	test.skip(
		!python && !process.env.CI,
		"no Python with the package `websockets` here",
	);
	await drawNothing(context);
	await openWorld(page, host.url);
	const script = fileURLToPath(
		new URL("../../playground/agents/timmy.py", import.meta.url),
	);
	const agent = spawn(String(python), [script, "--url", host.gatewayUrl]);
	try {
		await expect(page.getByTestId("roster")).toContainText("timmy-py");
		await expect
			.poll(async () => (await snapshot(page)).agents)
			.toContainEqual(
				expect.objectContaining({
					agentId: "timmy-py",
					bubble: expect.anything(),
				}),
			);
		agent.kill("SIGTERM");
		await expect(page.getByTestId("roster")).not.toContainText("timmy-py");
	} finally {
		agent.kill("SIGKILL");
	}
});

/** A `python3` on the PATH may not see the system's packages. */
function findPython(): string | undefined {
	return ["python3", "/usr/bin/python3"].find(
		(python) => spawnSync(python, ["-c", "import websockets"]).status === 0,
	);
}
