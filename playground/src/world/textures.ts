import { DataTexture, LinearFilter, SRGBColorSpace } from "three";

const SIZE = 64;

let glow: DataTexture | undefined;

/** A soft round light, made once and shared by everything that shines. */
export function glowTexture(): DataTexture {
	glow ??= createGlow();
	return glow;
}

function createGlow(): DataTexture {
	const data = new Uint8Array(SIZE * SIZE * 4);
	for (let i = 0; i < SIZE * SIZE; i++) {
		const [x, y] = [(i % SIZE) + 0.5, Math.floor(i / SIZE) + 0.5];
		const distance = Math.hypot(x / SIZE - 0.5, y / SIZE - 0.5) * 2;
		data.set([255, 255, 255, 255 * strengthAt(distance)], i * 4);
	}
	const texture = new DataTexture(data, SIZE, SIZE);
	texture.colorSpace = SRGBColorSpace;
	texture.magFilter = LinearFilter;
	texture.needsUpdate = true;
	return texture;
}

function strengthAt(distance: number): number {
	if (distance >= 1) return 0;
	return distance < 0.35
		? 1 - (distance / 0.35) * 0.58
		: 0.42 * (1 - (distance - 0.35) / 0.65);
}
