/** How far a picture is from the one that is checked in. */
import pixelmatch from "pixelmatch";
import sharp from "sharp";

/** A picture is compared at this share of its size, which leaves of letters their place and their weight. */
const SHARE = 1 / 16;

/**
 * By how much it may be another on another machine. Two runs in both hosts differ by 0.001 at most. Other fonts
 * everywhere change 0.03 of the world and 0.02 of the console; without one of the three agents it is 0.39 and
 * 0.034, and a panel that is 24 pixels elsewhere is 0.15 of the world.
 */
export function toleranceOf(name: string): number {
	return name.startsWith("world") ? 0.08 : 0.025;
}

/** The share of their area in which two pictures differ; 1 where they have not one size. */
export async function difference(one: Buffer, other: Buffer): Promise<number> {
	const [first, second] = [await shrink(one), await shrink(other)];
	const { width, height } = first.info;
	if (width !== second.info.width || height !== second.info.height) return 1;
	const options = { threshold: 0.1, includeAA: true };
	const pixels = [first.data, second.data] as const;
	return (
		pixelmatch(...pixels, undefined, width, height, options) / (width * height)
	);
}

async function shrink(picture: Buffer) {
	const { width = 0 } = await sharp(picture).metadata();
	return sharp(picture)
		.resize(Math.round(width * SHARE))
		.ensureAlpha()
		.raw()
		.toBuffer({ resolveWithObject: true });
}
