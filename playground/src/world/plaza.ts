/** The side of the square that the plaza is drawn on, in metres. */
export const PLAZA_SIZE = 30;

const PIXELS = 2048;
const METRE = PIXELS / PLAZA_SIZE;
/** The paved circle. */
const STONE_RADIUS = 7.2;
const SPOKES = 24;

/** Draws the paving and the grid that runs out into the grass. */
export function drawPlaza(): HTMLCanvasElement {
	const canvas = document.createElement("canvas");
	canvas.width = PIXELS;
	canvas.height = PIXELS;
	const context = canvas.getContext("2d");
	if (context) {
		context.translate(PIXELS / 2, PIXELS / 2);
		context.scale(METRE, METRE);
		drawGrid(context);
		drawStone(context);
		drawRose(context);
	}
	return canvas;
}

type Context = CanvasRenderingContext2D;

function drawGrid(context: Context) {
	const fade = context.createRadialGradient(0, 0, STONE_RADIUS, 0, 0, 14.6);
	fade.addColorStop(0, "rgba(226, 240, 255, 0.34)");
	fade.addColorStop(1, "rgba(226, 240, 255, 0)");
	context.strokeStyle = fade;
	context.lineWidth = 0.03;
	for (let radius = 8; radius < 15; radius += 1.4) circle(context, radius);
	spokes(context, SPOKES * 2, STONE_RADIUS, 15);
}

function drawStone(context: Context) {
	const stone = context.createRadialGradient(0, 0, 0, 0, 0, STONE_RADIUS);
	stone.addColorStop(0, "#b7b3d0");
	stone.addColorStop(0.7, "#a5a1c6");
	stone.addColorStop(1, "#9490ba");
	context.fillStyle = stone;
	context.beginPath();
	context.arc(0, 0, STONE_RADIUS, 0, 2 * Math.PI);
	context.fill();
	drawTiles(context);
	context.strokeStyle = "rgba(240, 235, 255, 0.55)";
	context.lineWidth = 0.09;
	circle(context, STONE_RADIUS - 0.1);
}

// Rings of tiles, each turned a little against the next and shaded by chance.
function drawTiles(context: Context) {
	const rings = [1.9, 3.1, 4.3, 5.5, STONE_RADIUS - 0.25];
	for (const [index, outer] of rings.entries()) {
		const inner = rings[index - 1] ?? 0.85;
		const tiles = Math.round(outer * 5);
		for (let tile = 0; tile < tiles; tile++)
			drawTile(context, inner, outer, (tile + index * 0.37) / tiles, 1 / tiles);
	}
}

function drawTile(
	context: Context,
	inner: number,
	outer: number,
	start: number,
	part: number,
) {
	const [from, to] = [start * 2 * Math.PI, (start + part) * 2 * Math.PI];
	const shade = (Math.sin(from * 37 + outer * 91) + 1) / 2;
	context.beginPath();
	context.arc(0, 0, outer - 0.03, from + 0.02 / outer, to - 0.02 / outer);
	context.arc(0, 0, inner + 0.03, to - 0.02 / inner, from + 0.02 / inner, true);
	context.closePath();
	context.fillStyle = `rgba(${shade > 0.5 ? "255, 244, 255" : "52, 44, 92"}, ${0.03 + 0.09 * Math.abs(shade - 0.5)})`;
	context.fill();
	context.strokeStyle = "rgba(58, 50, 98, 0.34)";
	context.lineWidth = 0.03;
	context.stroke();
}

function drawRose(context: Context) {
	context.strokeStyle = "rgba(190, 255, 240, 0.75)";
	context.lineWidth = 0.05;
	circle(context, 0.62);
	context.lineWidth = 0.03;
	circle(context, 0.74);
	spokes(context, 8, 0.2, 0.5);
}

function circle(context: Context, radius: number) {
	context.beginPath();
	context.arc(0, 0, radius, 0, 2 * Math.PI);
	context.stroke();
}

function spokes(context: Context, count: number, from: number, to: number) {
	for (let spoke = 0; spoke < count; spoke++) {
		const angle = (spoke / count) * 2 * Math.PI;
		const [x, y] = [Math.cos(angle), Math.sin(angle)];
		context.beginPath();
		context.moveTo(x * from, y * from);
		context.lineTo(x * to, y * to);
		context.stroke();
	}
}
