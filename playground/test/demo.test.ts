/** The demo's agents, by the hours: in a gateway in memory, on its clock. */
import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
import { createMatrix, type Matrix } from "vite-plugin-matrix-gateway/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { LANTERN_SITES, SITES } from "../demo/beds.ts";
import { TIMMY } from "../demo/cast.ts";
import { distance, PLAZA } from "../demo/places.ts";
import { understand } from "../demo/visitors.ts";
import { takeSnapshot } from "../src/model/snapshot.ts";
import { createWorld } from "../src/model/world.ts";
import { CAST, live, type Member } from "./cast.ts";

interface Said {
	readonly at: number;
	readonly who: string;
	readonly text: string;
	readonly to: unknown;
}

const MINUTE = 60_000;

async function begin(cast: readonly Member[] = CAST, seed = 7) {
	const matrix = createMatrix({ seed, gateway: { retain: "matrix" } });
	onTestFinished(() => matrix.close());
	const page = createMatrixClient(matrix.client);
	const world = createWorld(() => matrix.now);
	const said: Said[] = [];
	page.on("*", (message) => void world.apply(message));
	page.on("bark", ({ agentId = "", text, ...rest }) => {
		const { to } = rest as { to?: unknown };
		said.push({ at: matrix.now, who: agentId, text, to });
	});
	await matrix.settled();
	const runs = new Map(cast.map((one) => [one.agentId, start(matrix, one)]));
	await matrix.pass(3_000);
	return { matrix, page, world, said, runs };
}

function start(matrix: Matrix, agent: Member) {
	const ending = new AbortController();
	const { client, life } = live(matrix, agent, ending.signal);
	onTestFinished(() => ending.abort());
	return {
		async stop() {
			ending.abort();
			await matrix.until(life);
			client.dispose();
			await matrix.settled();
		},
	};
}

/** The things of a page, as their ids begin. */
function standing(world: ReturnType<typeof createWorld>): string[] {
	const ids = [...world.objects.keys()].map((id) =>
		id.split("/").slice(0, 2).join("/"),
	);
	return [...new Set(ids)];
}

const plantsOf = (world: ReturnType<typeof createWorld>) =>
	standing(world).filter(
		(id) => id.startsWith("timmy/") && !id.includes("lantern"),
	);

describe("five minutes", () => {
	it.each([1, 23])(
		"bring no sentence twice, and no long silence (seed %d)",
		async (seed) => {
			const { matrix, said } = await begin(CAST, seed);
			await matrix.pass(8 * MINUTE);
			const last = new Map<string, number>();
			for (const { at, text } of said) {
				expect(
					at - (last.get(text) ?? Number.NEGATIVE_INFINITY),
					text,
				).toBeGreaterThan(5 * MINUTE);
				last.set(text, at);
			}
			const gaps = said
				.slice(1)
				.map(({ at }, index) => at - (said[index]?.at ?? 0));
			expect(Math.max(...gaps)).toBeLessThan(20_000);
			expect(said.length).toBeGreaterThan(80);
			for (const { agentId } of CAST)
				expect(
					said.filter(({ who }) => who === agentId).length,
				).toBeGreaterThan(20);
			// A sentence that was made of what is not known would tell.
			for (const { text } of said) {
				expect(text).not.toMatch(/undefined|null|NaN|\[object|\s\s/);
				expect(text.length).toBeLessThanOrEqual(160);
			}
		},
	);

	it("go on where Timmy does not answer", async () => {
		const { matrix, said } = await begin([CAST[1]]);
		createMatrixClient({ ...matrix.client, ...TIMMY });
		await matrix.pass(3 * MINUTE);
		const unanswered = /busy|No answer|No comment/;
		const index = said.findIndex(({ text }) => unanswered.test(text));
		expect(index).toBeGreaterThan(-1);
		expect(said.length).toBeGreaterThan(index + 1);
	});

	it("have nobody speak while walking, nor stand in another", async () => {
		const { matrix, page, world } = await begin();
		const where = () =>
			takeSnapshot(world).agents.map(({ agentId, position, target }) => {
				const isWalking = distance(position, target) > 0.4;
				return { agentId, position, isWalking };
			});
		const walkingSpeakers: string[] = [];
		page.on("bark", ({ agentId, text }) => {
			world.step();
			const speaker = where().find((agent) => agent.agentId === agentId);
			if (speaker?.isWalking) walkingSpeakers.push(text);
		});
		let near = 0;
		for (let second = 0; second < 300; second++) {
			await matrix.pass(1_000);
			world.step();
			const standing = where().filter(({ isWalking }) => !isWalking);
			for (const one of standing)
				for (const other of standing)
					if (
						one.agentId < other.agentId &&
						distance(one.position, other.position) < 0.9
					)
						near++;
		}
		expect(walkingSpeakers).toEqual([]);
		// A moment in passing is no standing in one another.
		expect(near).toBeLessThan(6);
	});

	it("are talked about as the world is: who asks names what stands", async () => {
		const { matrix, page, said } = await begin();
		const builder = createMatrixClient({ ...matrix.client, agentId: "ada" });
		await matrix.settled();
		builder.send({
			type: "scene_add",
			id: "ada/tower",
			label: "Lighthouse",
			position: { x: 2, y: 0, z: -5 },
		});
		const questions: string[] = [];
		page.on("bark", ({ agentId, text }) => {
			if (agentId === "perplexity" && text.includes("?")) questions.push(text);
		});
		await matrix.pass(5 * MINUTE);
		expect(
			said.some(
				({ who, text }) => who === "perplexity" && text.includes("Lighthouse"),
			),
		).toBe(true);
		const names =
			/[A-Z][a-z]+ the (oak|cherry tree|fir|birch|maple|rose bush|lavender|hydrangea|sunflower|tulip|bluebell|daisy)/;
		expect(questions.some((text) => names.test(text))).toBe(true);
	});
});

describe("the garden", () => {
	it("is never a wall of trees, however long Timmy works", async () => {
		const { matrix, world } = await begin([CAST[0]]);
		const counts: number[] = [];
		const seen = new Set<string>();
		for (let step = 0; step < 30; step++) {
			await matrix.pass(MINUTE);
			const plants = plantsOf(world);
			counts.push(plants.length);
			for (const id of plants) seen.add(id);
		}
		expect(Math.max(...counts)).toBeLessThanOrEqual(24);
		expect(Math.min(...counts)).toBeGreaterThanOrEqual(8);
		// It is thinned out, and what comes is something else.
		expect(seen.size).toBeGreaterThan(22);
		expect(matrix.retained.length).toBeLessThan(50);
	});

	it("has room between its beds, and free ways", () => {
		const trees = SITES.filter(({ isForTree }) => isForTree);
		expect(SITES.length).toBeLessThanOrEqual(24);
		for (const site of [...SITES, ...LANTERN_SITES]) {
			expect(Math.hypot(site.x, site.z)).toBeGreaterThan(PLAZA + 0.5);
			expect(Math.hypot(site.x, site.z)).toBeLessThan(7);
			for (const other of [...SITES, ...LANTERN_SITES])
				if (other !== site) expect(distance(site, other)).toBeGreaterThan(0.9);
		}
		for (const tree of trees)
			for (const other of trees)
				if (other !== tree) expect(distance(tree, other)).toBeGreaterThan(2);
	});

	it("stays as it is over an edit, and over a restart of Timmy and of the gateway", async () => {
		const { matrix, world, runs } = await begin([CAST[0]]);
		await matrix.pass(2 * MINUTE);
		await runs.get("timmy")?.stop();
		const before = takeSnapshot(world).objects;
		expect(before.length).toBeGreaterThan(20);
		await matrix.restart();
		const again = start(matrix, CAST[0]);
		await matrix.pass(2_500);
		expect(takeSnapshot(world).objects).toEqual(before);
		await matrix.pass(5 * MINUTE);
		expect(plantsOf(world).length).toBeLessThanOrEqual(24);
		await again.stop();
		// And who comes late sees the same.
		const late = createWorld(() => matrix.now);
		const page = createMatrixClient(matrix.client);
		page.on("*", (message) => void late.apply(message));
		await matrix.settled();
		expect(takeSnapshot(late).objects).toEqual(takeSnapshot(world).objects);
	});

	it("is told again to a gateway that has forgotten it", async () => {
		const { matrix, world } = await begin([CAST[0]]);
		await matrix.pass(MINUTE);
		const before = plantsOf(world);
		await matrix.restart({ forget: true });
		await matrix.settled();
		await matrix.pass(1_500);
		expect(plantsOf(world)).toEqual(expect.arrayContaining(before.slice(0, 7)));
	});

	it("is planted anew where somebody has cleared the world", async () => {
		const { matrix, world, said } = await begin([CAST[0]]);
		const other = createMatrixClient({ ...matrix.client, agentId: "ada" });
		await matrix.settled();
		other.send({ type: "scene_clear" });
		await matrix.pass(30_000);
		expect(said.some(({ text }) => /gone|less/.test(text))).toBe(true);
		await matrix.pass(3 * MINUTE);
		expect(plantsOf(world).length).toBeGreaterThan(4);
	});
});

describe("a visitor", () => {
	it.each([
		["A tree, please", "timmy", /tree|oak|fir|birch|maple|spot|spade/],
		["could you plant a sunflower?", "timmy", /sunflower/i],
		["it is so dark", "timmy", /light/i],
		["Hello!", "perplexity", /Hello|Welcome|Good evening/],
		["How many trees are there?", "iris", /plants/],
		["Who is here?", "iris", /Timmy, Perplexity and Iris/],
		["Which is the oldest plant?", "iris", /oldest/],
		["What is the airspeed of a swallow?", "iris", /visitor|watch/],
		["Iris, what do you see?", "iris", /./],
		["bananas", "perplexity", /./],
	])(
		"who says “%s” is answered by %s alone, within three seconds",
		async (text, who, words) => {
			const { matrix, page, said } = await begin();
			await matrix.pass(MINUTE);
			said.length = 0;
			page.send({ type: "visitor_message", text });
			await matrix.pass(3_000);
			const answers = said.filter(({ to }) => to === "visitor");
			expect(answers.map(({ who }) => who)).toEqual([who]);
			expect(answers[0]?.text).toMatch(words);
		},
	);

	it("gets what it wishes for", async () => {
		const { matrix, page, world } = await begin();
		await matrix.pass(MINUTE);
		const before = plantsOf(world).filter((id) => id.includes("hydrangea"));
		page.send({ type: "visitor_message", text: "A hydrangea would be nice" });
		await matrix.pass(MINUTE);
		expect(
			plantsOf(world).filter((id) => id.includes("hydrangea")).length,
		).toBeGreaterThan(before.length);
	});

	it("is answered at any hour, by who is there", async () => {
		const { matrix, page, said } = await begin([CAST[2]]);
		for (let time = 0; time < 40; time++) {
			await matrix.pass(7_300);
			said.length = 0;
			page.send({ type: "visitor_message", text: "Hi" });
			await matrix.pass(3_000);
			expect(said.filter(({ to }) => to === "visitor").length).toBe(1);
		}
	});

	it("is not echoed at length, nor with what cannot be seen", async () => {
		const { matrix, page, said } = await begin();
		said.length = 0;
		page.send({
			type: "visitor_message",
			text: `\u202eabc\n\n${"what x ".repeat(9_000)}`,
		});
		page.send({
			type: "visitor_message",
			text: `\u202eabc\n\n${"x".repeat(60_000)}`,
		});
		await matrix.pass(MINUTE);
		for (const { text } of said) {
			expect(text.length).toBeLessThanOrEqual(160);
			expect(text).not.toMatch(/\u202e|\n/);
		}
	});

	it.each([
		["", "other"],
		["Can I have a light?", "light"],
		["How are you?", "greeting"],
		["thanks for the tree!", "thanks"],
		["Bye!", "farewell"],
		["cut down that oak", "thin"],
		["What is this place?", "what"],
	])("means with “%s”: %s", (text, intent) => {
		expect(understand(text)).toBe(intent);
	});
});
