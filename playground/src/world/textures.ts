import { CanvasTexture, SRGBColorSpace } from "three";

let glow: CanvasTexture | undefined;

/** A soft round light, drawn once and shared by everything that shines. */
export function glowTexture(): CanvasTexture {
	glow ??= drawGlow();
	return glow;
}

function drawGlow(): CanvasTexture {
	const canvas = document.createElement("canvas");
	canvas.width = 128;
	canvas.height = 128;
	const context = canvas.getContext("2d");
	if (context) {
		const gradient = context.createRadialGradient(64, 64, 0, 64, 64, 64);
		gradient.addColorStop(0, "rgba(255, 255, 255, 1)");
		gradient.addColorStop(0.35, "rgba(255, 255, 255, 0.42)");
		gradient.addColorStop(1, "rgba(255, 255, 255, 0)");
		context.fillStyle = gradient;
		context.fillRect(0, 0, 128, 128);
	}
	const texture = new CanvasTexture(canvas);
	texture.colorSpace = SRGBColorSpace;
	return texture;
}
