import {
	type BufferGeometry,
	Color,
	ConeGeometry,
	CylinderGeometry,
	DodecahedronGeometry,
	Float32BufferAttribute,
	Group,
	IcosahedronGeometry,
	InstancedMesh,
	MeshLambertMaterial,
	Object3D,
} from "three";
import { mergeGeometries } from "three/examples/jsm/utils/BufferGeometryUtils.js";
import { GROUND } from "./colors.ts";
import { createRandom } from "./random.ts";

/** What stands around the clearing and never changes: five draws in all. */
export function createScenery(): Group {
	const scenery = new Group();
	scenery.add(
		scatter({
			seed: 11,
			count: 620,
			geometry: new ConeGeometry(0.09, 0.42, 3).translate(0, 0.18, 0),
			colors: GROUND.blade,
			between: [7.6, 30],
			size: [0.5, 1.5],
		}),
		scatter({
			seed: 12,
			count: 150,
			geometry: new IcosahedronGeometry(0.075, 0).translate(0, 0.2, 0),
			colors: GROUND.flower,
			between: [7.8, 22],
			size: [0.6, 1.3],
		}),
		scatter({
			seed: 13,
			count: 46,
			geometry: new DodecahedronGeometry(0.42, 0).scale(1, 0.62, 0.85),
			colors: GROUND.stone,
			between: [7.9, 30],
			size: [0.35, 1.5],
		}),
		scatter({
			seed: 26,
			count: 84,
			geometry: createPine(),
			colors: GROUND.needle,
			between: [18, 46],
			size: [0.55, 1.35],
		}),
		scatter({
			seed: 5,
			count: 26,
			geometry: new ConeGeometry(14, 17, 5).translate(0, 5, 0),
			colors: GROUND.hill,
			between: [82, 104],
			size: [0.55, 1.35],
		}),
	);
	return scenery;
}

interface Scatter {
	readonly seed: number;
	readonly count: number;
	readonly geometry: BufferGeometry;
	readonly colors: readonly string[];
	/** Distances from the middle, in metres. */
	readonly between: readonly [number, number];
	readonly size: readonly [number, number];
}

function scatter(options: Scatter): InstancedMesh {
	const { geometry, count, colors } = options;
	const random = createRandom(options.seed);
	const material = new MeshLambertMaterial({
		flatShading: true,
		vertexColors: geometry.hasAttribute("color"),
	});
	const mesh = new InstancedMesh(geometry, material, count);
	const place = new Object3D();
	for (let i = 0; i < count; i++) {
		mesh.setMatrixAt(i, placeOne(place, options, random).matrix);
		const color = colors[Math.floor(random() * colors.length)];
		mesh.setColorAt(i, new Color(color));
	}
	return mesh;
}

function placeOne(
	place: Object3D,
	{ between: [inner, outer], size: [small, large] }: Scatter,
	random: () => number,
): Object3D {
	const angle = random() * 2 * Math.PI;
	const radius = inner + random() ** 1.4 * (outer - inner);
	place.position.set(Math.sin(angle) * radius, 0, Math.cos(angle) * radius);
	place.rotation.y = random() * 2 * Math.PI;
	place.scale.setScalar(small + random() * (large - small));
	place.updateMatrix();
	return place;
}

// The needles are white, so that each tree's own colour shows; the trunk stays dark under any.
function createPine(): BufferGeometry {
	const parts = [
		paint(new CylinderGeometry(0.13, 0.18, 0.8, 6), "#8a6a66", 0.3),
		paint(new ConeGeometry(1.15, 1.7, 7), "#d5e4dc", 1.35),
		paint(new ConeGeometry(0.92, 1.5, 7), "#e9f2ea", 2.2),
		paint(new ConeGeometry(0.62, 1.35, 7), "#ffffff", 3.05),
	];
	return mergeGeometries(parts);
}

function paint(
	geometry: BufferGeometry,
	name: string,
	height: number,
): BufferGeometry {
	const { r, g, b } = new Color(name);
	const { count } = geometry.getAttribute("position");
	const colors = Array.from({ length: count }, () => [r, g, b]).flat();
	geometry.setAttribute("color", new Float32BufferAttribute(colors, 3));
	return geometry.translate(0, height, 0);
}
