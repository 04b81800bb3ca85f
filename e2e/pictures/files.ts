/** Pictures as files: by themselves, and one after the other in one that every browser plays. */
import sharp from "sharp";

/** Milliseconds that each is shown. */
export const PERIOD = 100;
/** Of the pages' width: beside text nobody sees more. */
const WIDTH = 800;

/** As its name says: a JPEG is a tenth of what a PNG of the world is. */
export async function encode(name: string, picture: Buffer): Promise<Buffer> {
	const image = sharp(picture);
	return name.endsWith(".jpg")
		? image.jpeg({ quality: 88, mozjpeg: true }).toBuffer()
		: image.png({ compressionLevel: 9, palette: true }).toBuffer();
}

export async function animate(pictures: readonly Buffer[]): Promise<Buffer> {
	const frames = await Promise.all(pictures.map(toFrame));
	return sharp(frames, { join: { animated: true } })
		.webp({ quality: 76, effort: 4, delay: PERIOD, loop: 0 })
		.toBuffer();
}

/** A picture as it is in an animation. */
export function toFrame(picture: Buffer): Promise<Buffer> {
	return sharp(picture).resize(WIDTH).png().toBuffer();
}

/** One of an animation's pictures. */
export function frameOf(animation: Buffer, index: number): Promise<Buffer> {
	return sharp(animation, { page: index }).png().toBuffer();
}
