/**
 * What a frame takes without a graphics processor, and whether memory stays flat. It takes minutes and
 * a machine of its own, so it runs where it is asked for: MATRIX_FRAMES=36000 is ten minutes at 60 frames
 * a second.
 */
import { setInterval } from "node:timers";
import type { Page } from "@playwright/test";
import type { Agent } from "../agent.ts";
import { expect, openWorld, test } from "../fixtures.ts";

const FRAMES = Number(process.env.MATRIX_FRAMES ?? 0);

test("100 agents and 1,000 objects: at most 4 ms a frame, and memory flat", {
	tag: "@dev",
}, async ({ page, host, agent }) => {
	test.skip(FRAMES === 0, "asked for by MATRIX_FRAMES");
	test.setTimeout(1_200_000);
	await page.route("**/src/world/stage.ts*", async (route) => {
		const response = await route.fetch();
		const drawing = "renderer.render(scene, camera)";
		const body = await response.text();
		expect(body).toContain(drawing);
		await route.fulfill({ response, body: body.replace(drawing, "0") });
	});
	await page.addInitScript(driveFrames);
	await openWorld(page, host.url);
	const agents = await settle(agent);
	const timer = setInterval(() => stir(agents), 100);
	await run(page, FRAMES / 4);
	const before = await heapOf(page);
	const times = await run(page, FRAMES);
	const after = await heapOf(page);
	clearInterval(timer);
	const median = times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
	console.log({ median, p90: times[(times.length * 0.9) | 0], before, after });
	expect(median).toBeLessThanOrEqual(4);
	expect(after - before).toBeLessThan(1e6);
});

declare global {
	interface Window {
		runFrames(count: number): Promise<number[]>;
	}
}

/** Frames come when they are asked for, one after the other, and messages in between. */
function driveFrames() {
	let next: FrameRequestCallback = () => {};
	let time = 0;
	window.requestAnimationFrame = (callback) => {
		next = callback;
		return 1;
	};
	window.runFrames = async (count) => {
		const times: number[] = [];
		for (let frame = 0; frame < count; frame++) {
			time = Math.max(time + 1000 / 60, performance.now());
			const start = performance.now();
			next(time);
			times.push(performance.now() - start);
			if (frame % 8 === 0) await new Promise((resolve) => setTimeout(resolve));
		}
		return times;
	};
}

function run(page: Page, frames: number): Promise<number[]> {
	return page.evaluate((count) => window.runFrames(count), frames);
}

async function settle(
	connect: (name: string) => Promise<Agent>,
): Promise<Agent[]> {
	const agents: Agent[] = [];
	for (let i = 0; i < 100; i++) agents.push(await connect(`agent-${i}`));
	for (let i = 0; i < 1_000; i++)
		agents[i % 100]?.send({
			type: "scene_add",
			id: `object-${i}`,
			kind: ["box", "cone", "sphere", "cylinder"][i % 4],
			position: { x: Math.sin(i) * (i % 20), z: Math.cos(i) * (i % 20) },
			scale: 0.3,
			label: i % 5 === 0 ? `Object ${i}` : "",
		});
	return agents;
}

let turn = 0;

function stir(agents: readonly Agent[]) {
	for (let i = 0; i < 5; i++) {
		turn += 1;
		const agentId = `agent-${turn % agents.length}`;
		const position = { x: Math.sin(turn) * 8, z: Math.cos(turn * 1.7) * 8 };
		const agent = agents[turn % agents.length];
		agent?.send({ type: "agent_move", agentId, position });
		if (i === 0) agent?.send({ type: "bark", agentId, text: `Turn ${turn}` });
	}
}

async function heapOf(page: Page): Promise<number> {
	const session = await page.context().newCDPSession(page);
	await session.send("HeapProfiler.collectGarbage");
	await session.send("HeapProfiler.collectGarbage");
	return (await session.send("Runtime.getHeapUsage")).usedSize;
}
