/** How far a picture is from the one that is checked in. */
import pixelmatch from "pixelmatch";
import sharp from "sharp";

/**
 * A picture is compared at this share of its size, which leaves of letters their place and their weight: two
 * versions of a font are no difference, a panel elsewhere is one.
 */
const SHARE = 0.25;

/** The share of their area in which two pictures differ; 1 where they have not one size. */
export async function difference(
	one: Buffer,
	other: Buffer,
	share = SHARE,
): Promise<number> {
	const [first, second] = [
		await shrink(one, share),
		await shrink(other, share),
	];
	const { width, height } = first.info;
	if (width !== second.info.width || height !== second.info.height) return 1;
	const options = { threshold: 0.1, includeAA: true };
	const pixels = [first.data, second.data] as const;
	return (
		pixelmatch(...pixels, undefined, width, height, options) / (width * height)
	);
}

async function shrink(picture: Buffer, share: number) {
	const { width = 0 } = await sharp(picture).metadata();
	return sharp(picture)
		.resize(Math.round(width * share))
		.ensureAlpha()
		.raw()
		.toBuffer({ resolveWithObject: true });
}
