import { PerspectiveCamera, Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { chooseAngle } from "../src/world/company.ts";
import { createFramer } from "../src/world/framing.ts";
import { freeRectangle } from "../src/world/free-rectangle.ts";
import { createRandom } from "../src/world/random.ts";

describe("the camera's place", () => {
	const framer = createFramer();
	const framing = { eye: new Vector3(), target: new Vector3() };

	function crowd(seed: number, size: number, radius: number): Vector3[] {
		const random = createRandom(seed);
		return Array.from({ length: size }, () => {
			const [x, z] = [random() - 0.5, random() - 0.5];
			return new Vector3(x * 2 * radius, random() * 2, z * 2 * radius);
		});
	}

	/** Where the points are in a picture with these slopes, -1 to 1 in both directions. */
	function seen(points: readonly Vector3[], across: number, along: number) {
		const fov = (Math.atan(along) * 360) / Math.PI;
		const camera = new PerspectiveCamera(fov, across / along, 0.01, 1000);
		camera.position.copy(framing.eye);
		camera.lookAt(framing.target);
		camera.updateMatrixWorld();
		return points.map((point) => point.clone().project(camera));
	}

	it.each([
		[1, 6, 0.6, 0.3],
		[2, 6, 0.2, 0.45],
		[12, 8, 0.5, 0.4],
		[100, 24, 0.17, 0.4],
		[100, 24, 0.9, 0.2],
	])(
		"has all of %i within %i m in the picture, and no one farther off than needed",
		(size, radius, across, along) => {
			for (let seed = 1; seed < 20; seed++) {
				const points = crowd(seed, size, radius);
				framer.begin(seed * 0.3, 0.1 + (seed % 5) * 0.12, { across, along });
				for (const point of points) framer.include(point, 0);
				framer.solve(framing, 1, 0);
				const places = seen(points, across, along);
				const reach = Math.max(
					...places.flatMap(({ x, y }) => [Math.abs(x), Math.abs(y)]),
				);
				expect(reach).toBeLessThanOrEqual(1.0001);
				const back = framing.eye.clone().sub(framing.target).normalize();
				const foremost = Math.max(...points.map((point) => point.dot(back)));
				const isNear = framing.eye.dot(back) - foremost < 2.001;
				expect(isNear || reach > 0.999).toBe(true);
				framing.eye.addScaledVector(back, 0.01);
				expect(framer.sees(framing.eye)).toBe(true);
				framing.eye.addScaledVector(back, -0.1);
				expect(framer.sees(framing.eye)).toBe(false);
			}
		},
	);
});

describe("company", () => {
	const position = { x: 0, y: 0, z: 0 };
	const look = (heading: number, places: (typeof position)[]) => {
		const obstacles = places.map((place) => ({ ...place, half: 0.4 }));
		return chooseAngle({ position, heading }, obstacles, 0, 6);
	};

	it("is looked at from where one is, if that shows the face", () => {
		expect(look(0.4, [])).toBe(0);
	});

	it("is looked at with nothing in between", () => {
		const angle = look(0, [{ x: 0, y: 0, z: 2 }]);
		expect(Math.abs(Math.sin(angle)) * 2).toBeGreaterThan(0.75);
		expect(Math.cos(angle)).toBeGreaterThan(0);
		expect(look(0, [{ x: 0, y: 0, z: -2 }])).toBe(0);
	});

	it("that turns its back is looked at from more to the front", () => {
		expect(Math.abs(look(Math.PI, []))).toBeGreaterThan(1);
	});
});

describe("the free part of a screen", () => {
	const overlap = (
		a: { left: number; right: number; top: number; bottom: number },
		b: typeof a,
	) =>
		a.left < b.right &&
		a.right > b.left &&
		a.top < b.bottom &&
		a.bottom > b.top;

	it("is all of it where nothing lies over it", () => {
		expect(freeRectangle(800, 600, [])).toEqual({
			left: 0,
			top: 0,
			right: 800,
			bottom: 600,
		});
	});

	it("is what panels at the edges leave", () => {
		const title = { left: 0, top: 0, right: 260, bottom: 70 };
		const roster = { left: 1020, top: 0, right: 1280, bottom: 180 };
		const activity = { left: 970, top: 500, right: 1280, bottom: 800 };
		const chat = { left: 0, top: 720, right: 420, bottom: 800 };
		const panels = [title, roster, activity, chat];
		const free = freeRectangle(1280, 800, panels);
		expect(free).toEqual({ left: 0, top: 70, right: 970, bottom: 720 });
		for (const panel of panels) expect(overlap(free, panel)).toBe(false);
	});

	it("is the whole screen where panels leave nothing worth a picture", () => {
		const sheet = { left: 0, top: 60, right: 390, bottom: 844 };
		expect(freeRectangle(390, 844, [sheet]).bottom).toBe(844);
	});
});
