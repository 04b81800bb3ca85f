/** The pictures in the READMEs are what both hosts show. */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "../fixtures.ts";
import { operatedFlags } from "../operated.ts";
import { difference, toleranceOf } from "../pictures/compare.ts";
import {
	animate,
	encode,
	frameOf,
	PERIOD,
	toFrame,
} from "../pictures/files.ts";
import { recordDemo } from "../pictures/recording.ts";
import { openShow, type Show } from "../pictures/show.ts";

/** Set by `npm run pictures`: they are made anew, not compared. */
const ARE_RENEWED = process.env.MATRIX_PICTURES === "renew";

/** Seconds after the recording's beginning: a visitor has asked for a tree, and Timmy has answered. */
const WORLD = 64;
const [ANIMATION_BEGINS, ANIMATION_ENDS] = [61.8, 66.8];
const ANIMATION = "world.webp";

/** When pictures are taken: at each frame of the animation. */
const STOPS = Array.from(
	{
		length: Math.round((ANIMATION_ENDS - ANIMATION_BEGINS) * (1_000 / PERIOD)),
	},
	(_, index) => (ANIMATION_BEGINS * 1_000 + index * PERIOD) / 1_000,
);

/** Frames of the animation that are compared: to draw one takes a second. */
const LOOKED_AT = [40];

test.use({
	viewport: { width: 1120, height: 700 },
	deviceScaleFactor: 1,
	locale: "en-GB",
	// It is evening there when the recording begins.
	timezoneId: "Etc/GMT+5",
	colorScheme: "light",
});

test("@sidecar the recording is the same each time", async () => {
	expect(await recordDemo()).toEqual(await recordDemo());
});

for (const tag of ["@dev", "@sidecar"])
	test(`${tag} the pictures of the READMEs are what there is to see`, async ({
		context,
		start,
	}, testInfo) => {
		test.setTimeout(ARE_RENEWED ? 900_000 : 180_000);
		const isOperated = tag === "@sidecar";
		const host = await start(isOperated ? { flags: operatedFlags() } : {});
		const show = await openShow(context, host, await recordDemo(), isOperated);
		const taken = await take(show);
		if (ARE_RENEWED) return renew(taken);
		const changed = await findChanges(taken);
		for (const { name, picture } of changed)
			await testInfo.attach(name, { body: picture, contentType: "image/png" });
		expect(
			changed.map(({ name, share }) => `${name}: ${share}`),
			"what there is to see has changed, by these shares of the pictures: look at what is attached, and make them anew by `npm run pictures`",
		).toEqual([]);
	});

interface Taken {
	/** By the names of their files. */
	readonly pictures: ReadonlyMap<string, Buffer>;
	/** Of the animation; where nothing is made anew, those that are looked at. */
	readonly frames: readonly Buffer[];
}

async function take(show: Show): Promise<Taken> {
	const pictures = new Map<string, Buffer>();
	const frames: Buffer[] = [];
	await show.play(STOPS, async (second) => {
		const index = STOPS.indexOf(second);
		if (!ARE_RENEWED && !LOOKED_AT.includes(index) && second !== WORLD)
			return show.skipWorld();
		const frame = await show.drawWorld();
		frames[index] = frame;
		if (second === WORLD) pictures.set("world.jpg", frame);
	});
	for (const colors of ["light", "dark"] as const)
		pictures.set(`console-${colors}.png`, await show.showConsole(colors));
	return { pictures, frames };
}

async function renew({ pictures, frames }: Taken): Promise<void> {
	for (const [name, picture] of pictures)
		await writeFile(fileOf(name), await encode(name, picture));
	await writeFile(fileOf(ANIMATION), await animate(frames));
}

async function findChanges({ pictures, frames }: Taken) {
	const animation = await readFile(fileOf(ANIMATION));
	const pairs = LOOKED_AT.map(async (index) => ({
		name: `${ANIMATION}, picture ${index}`,
		picture: await toFrame(frames[index] as Buffer),
		known: await frameOf(animation, index),
	}));
	for (const [name, picture] of pictures)
		pairs.push(
			readFile(fileOf(name)).then((known) => ({ name, picture, known })),
		);
	const all = (await Promise.all(pairs)).map(async (pair) => ({
		...pair,
		share: await difference(pair.picture, pair.known),
	}));
	return (await Promise.all(all)).filter(
		({ name, share }) => share > toleranceOf(name),
	);
}

function fileOf(name: string): string {
	return fileURLToPath(new URL(`../pictures/${name}`, import.meta.url));
}
