/** What is on the screen: everyone, and nothing over anything else. */
import type { Page } from "@playwright/test";
import type { Agent } from "../agent.ts";
import { expect, leaveBlank, openWorld, picture, test } from "../fixtures.ts";

// The camera stands still once it is there.
test.use({ contextOptions: { reducedMotion: "reduce" } });

test.beforeEach(({ context }) => leaveBlank(context));

const SCREENS = [
	[1280, 800],
	[1024, 1366],
	[1366, 1024],
	[844, 390],
	[390, 844],
	[640, 480],
] as const;

test("12 agents are in the picture at any size, their labels side by side", {
	tag: "@dev",
}, async ({ page, host, agent }) => {
	test.slow();
	await openWorld(page, host.url);
	const agents: Agent[] = [];
	for (let i = 0; i < 12; i++) {
		const one = await agent(`agent-${i}`, ["mind", "guide"][i % 2]);
		agents.push(one);
		const current_task = i % 3 === 0 ? "watering the garden" : undefined;
		one.send({
			type: "agent_state",
			agentId: `agent-${i}`,
			state: "working",
			current_task,
		});
	}
	agents[0]?.send({
		type: "agent_move",
		agentId: "agent-0",
		position: { x: -11, y: 0, z: 4 },
		speed: 0,
	});
	agents[1]?.send({ type: "scene_add", id: "oak", kind: "cone", label: "Oak" });
	for (const [width, height] of SCREENS) {
		await page.setViewportSize({ width, height });
		for (const [index, one] of agents.slice(0, 4).entries())
			one.send({
				type: "bark",
				agentId: `agent-${index}`,
				text: "What a long way it is to that garden",
			});
		await expect
			.poll(() => complaints(page, 12), { message: `${width}×${height}` })
			.toEqual([]);
		await expect.poll(() => labelsOf(page)).toContain("bubble");
	}
});

test("the camera gives way to a visitor, goes with who is pressed, and comes back", {
	tag: "@dev",
}, async ({ page, host, agent }) => {
	await openWorld(page, host.url);
	const ada = await agent("ada");
	await agent("timmy");
	const camera = async () => (await picture(page)).camera;
	const canvas = page.locator("#world canvas");
	await expect.poll(() => complaints(page, 2)).toEqual([]);
	expect(await camera()).toBe("everyone");

	await canvas.focus();
	await page.keyboard.press("ArrowLeft");
	await expect.poll(camera).toBe("own");
	await page.getByRole("button", { name: "Show everyone" }).click();
	await expect.poll(camera).toBe("everyone");

	await expect.poll(() => isAtRest(page)).toBe(true);
	const found = (await picture(page)).agents.find((a) => a.agentId === "ada");
	if (!found) throw new Error("ada is not there");
	const { head, feet } = found;
	await canvas.click({
		position: { x: head.x, y: (head.y + feet.y) / 2 },
	});
	await expect.poll(camera).toBe("agent");
	await ada.close();
	await expect.poll(camera).toBe("everyone");
});

test("nobody is under a keyboard on the screen", {
	tag: "@dev",
}, async ({ page, host, agent }) => {
	await openWorld(page, host.url);
	await agent("ada");
	const bottom = async () => (await picture(page)).free.bottom;
	await page.setViewportSize({ width: 1024, height: 1366 });
	await expect.poll(bottom).toBeGreaterThan(966);
	await cover(page, "resize", { height: 966, offsetTop: 0 });
	await expect.poll(bottom).toBeLessThan(966);
	await page.setViewportSize({ width: 390, height: 844 });
	await cover(page, "resize", { height: 544, offsetTop: 0 });
	await expect.poll(bottom).toBeLessThan(544);
	const above = await bottom();
	// Safari scrolls the page up by as much as it likes.
	await cover(page, "scroll", { height: 544, offsetTop: 100 });
	await expect.poll(bottom).toBe(above + 100);
});

/** Says what the browser of an iPad does when its keyboard covers the lower part of the page. */
async function cover(page: Page, type: string, seen: object): Promise<void> {
	await page.evaluate(
		([type, seen]) => {
			const viewport = window.visualViewport as VisualViewport;
			for (const [name, value] of Object.entries(seen))
				Object.defineProperty(viewport, name, { value, configurable: true });
			viewport.dispatchEvent(new Event(type));
		},
		[type, seen] as const,
	);
}

async function labelsOf(page: Page) {
	return (await picture(page)).agents.map(({ label }) => label);
}

/** Whether the camera has stood still for a few frames. */
function isAtRest(page: Page): Promise<boolean> {
	return page.evaluate(async () => {
		const heads = () =>
			JSON.stringify(
				window.matrixWorld
					.picture()
					?.agents.map(({ head }) => [Math.round(head.x), Math.round(head.y)]),
			);
		const before = heads();
		for (let frame = 0; frame < 4; frame++)
			await new Promise((resolve) => requestAnimationFrame(resolve));
		return before !== "[]" && heads() === before;
	});
}

/** Labels that cover another or a panel, and agents of so many who are not to be seen or have no label. */
function complaints(page: Page, expected: number): Promise<string[]> {
	return page.evaluate((expected) => {
		const seen = (element: Element) =>
			element.checkVisibility({ visibilityProperty: true });
		const all = (selector: string) =>
			[...document.querySelectorAll(selector)]
				.filter(seen)
				.map((element) => ({
					what: `${element.className} ${element.textContent}`.slice(0, 60),
					box: element.getBoundingClientRect(),
				}))
				.filter(({ box }) => box.width > 4 && box.height > 4);
		const labels = all(
			".bubble, .plate, .agent-label .dot, .sign, .labels .notice",
		);
		const panels = all(".panel");
		const overlap = (a: DOMRect, b: DOMRect) =>
			a.left < b.right - 0.5 &&
			a.right > b.left + 0.5 &&
			a.top < b.bottom - 0.5 &&
			a.bottom > b.top + 0.5;
		const found: string[] = [];
		for (const [index, { what, box }] of labels.entries())
			for (const other of [...labels.slice(index + 1), ...panels])
				if (overlap(box, other.box)) found.push(`${what} over ${other.what}`);
		const screen = new DOMRect(0, 0, innerWidth, innerHeight);
		const isOn = ({ x, y }: { x: number; y: number }, box: DOMRect) =>
			x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
		const agents = window.matrixWorld.picture()?.agents ?? [];
		for (const { agentId, head, feet, label } of agents) {
			// At the same look as the rest: a size or a camera that is new has labels a frame later.
			if (label === "none") found.push(`${agentId} has no label`);
			for (const spot of [head, feet]) {
				if (!isOn(spot, screen)) found.push(`${agentId} is out of the picture`);
				for (const panel of panels)
					if (isOn(spot, panel.box))
						found.push(`${agentId} is under ${panel.what}`);
			}
		}
		if (agents.length !== expected) found.push(`there are ${agents.length}`);
		return found;
	}, expected);
}
