import {
	CanvasTexture,
	CircleGeometry,
	Color,
	Float32BufferAttribute,
	Group,
	MathUtils,
	Mesh,
	MeshLambertMaterial,
	PlaneGeometry,
	RingGeometry,
	SRGBColorSpace,
} from "three";
import { GROUND } from "./colors.ts";
import { drawPlaza, PLAZA_SIZE } from "./plaza.ts";
import { RENDER_ORDER } from "./render-order.ts";

/** Where the level ground ends and the hills begin: beyond all that may stand, in metres. */
const LEVEL_RADIUS = 34;
const GROUND_RADIUS = 110;

/** The meadow with its paved clearing in the middle. */
export function createGround(): Group {
	const ground = new Group();
	ground.add(createMeadow(), createPlaza());
	return ground;
}

function createMeadow(): Mesh {
	const geometry = new RingGeometry(0.01, GROUND_RADIUS, 72, 44);
	geometry.rotateX(-Math.PI / 2);
	shape(geometry);
	const meadow = new Mesh(
		geometry,
		new MeshLambertMaterial({ vertexColors: true, flatShading: true }),
	);
	meadow.receiveShadow = true;
	return meadow;
}

// Hills where nothing stands, and a colour that turns with the distance.
function shape(geometry: RingGeometry) {
	const points = geometry.getAttribute("position");
	const [near, far] = [new Color(GROUND.near), new Color(GROUND.far)];
	const distant = new Color(GROUND.distant);
	const colors: number[] = [];
	for (let i = 0; i < points.count; i++) {
		const [x, z] = [points.getX(i), points.getZ(i)];
		const radius = Math.hypot(x, z);
		const rise = Math.max(0, radius - LEVEL_RADIUS) / 26;
		points.setY(i, Math.min(1, rise) ** 2 * (1 + waves(x, z)) * 1.7);
		const color = near.clone().lerp(far, Math.min(1, radius / 36));
		color.lerp(distant, MathUtils.smoothstep(radius, 34, 80));
		color.multiplyScalar(1 + 0.09 * waves(x * 3.1, z * 2.7));
		colors.push(color.r, color.g, color.b);
	}
	geometry.setAttribute("color", new Float32BufferAttribute(colors, 3));
	geometry.computeVertexNormals();
}

function waves(x: number, z: number): number {
	return Math.sin(x * 0.11 + z * 0.05) * Math.cos(z * 0.13 - x * 0.04);
}

function createPlaza(): Mesh {
	const texture = new CanvasTexture(drawPlaza());
	texture.colorSpace = SRGBColorSpace;
	texture.anisotropy = 8;
	const plaza = new Mesh(
		new PlaneGeometry(PLAZA_SIZE, PLAZA_SIZE).rotateX(-Math.PI / 2),
		new MeshLambertMaterial({
			map: texture,
			transparent: true,
			depthWrite: false,
			polygonOffset: true,
			polygonOffsetFactor: -2,
		}),
	);
	plaza.receiveShadow = true;
	plaza.renderOrder = RENDER_ORDER.plaza;
	return plaza;
}

/** A disc that lies on the ground. */
export function createDisc(radius: number): CircleGeometry {
	return new CircleGeometry(radius, 48).rotateX(-Math.PI / 2);
}
