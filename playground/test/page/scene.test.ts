/** What is drawn, without a page and a graphics processor. */
import {
	BoxGeometry,
	Color,
	InstancedMesh,
	Matrix4,
	Mesh,
	MeshBasicMaterial,
	Scene,
	Vector3,
} from "three";
import { describe, expect, it } from "vitest";
import { createWorld, type World } from "../../src/model/world.ts";
import { createFigures } from "../../src/world/figures.ts";
import { createBox } from "../../src/world/labels.ts";
import { createPool } from "../../src/world/pool.ts";
import { createThings } from "../../src/world/things.ts";

/** Labels need a page; here nobody reads them. */
const addLabel = () => ({
	label: {
		element: {} as HTMLElement,
		anchor: new Vector3(),
		box: createBox([]),
		isStale: false,
		update() {},
		measure() {},
		place() {},
	},
	remove() {},
});
const noSigns = { add: () => () => {}, update() {} };

function crowd(size: number) {
	return Array.from({ length: size }, (_, index) => ({
		agentId: `agent-${index}`,
		role: ["mind", "agent", "interviewer"][index % 3] ?? "agent",
	}));
}

/** What takes a draw each. */
function drawsOf(scene: Scene): number {
	let draws = 0;
	scene.traverse((part) => {
		if (part instanceof InstancedMesh) draws += part.count > 0 ? 1 : 0;
		else if (part instanceof Mesh) draws += 1;
	});
	return draws;
}

function busyWorld(size: number): { world: World; pass(ms: number): void } {
	let time = 0;
	const world = createWorld(() => time);
	const agents = crowd(size);
	world.setRoster(agents);
	for (const [index, { agentId }] of agents.entries()) {
		world.apply({ type: "agent_joined", agentId });
		world.apply({
			type: "agent_move",
			agentId,
			position: { x: (index % 10) - 5, z: index / 10 - 5 },
		});
		world.apply({ type: "bark", agentId, text: "Hi", animation: "wave" });
	}
	return {
		world,
		pass(ms) {
			time += ms;
			world.step();
		},
	};
}

describe("a pool", () => {
	it("sends the graphics processor what is in it, and nothing where it is empty", () => {
		const scene = new Scene();
		const pool = createPool(scene, {
			geometry: new BoxGeometry(),
			material: new MeshBasicMaterial(),
			capacity: 9,
		});
		const { instanceMatrix } = scene.children[0] as InstancedMesh;
		pool.begin();
		pool.end();
		expect(instanceMatrix.version).toBe(0);
		pool.begin();
		pool.add(new Matrix4(), new Color());
		pool.end();
		expect(instanceMatrix.version).toBe(1);
		expect(instanceMatrix.updateRanges).toEqual([{ start: 0, count: 16 }]);
	});
});

describe("figures", () => {
	function draw(size: number) {
		const scene = new Scene();
		const figures = createFigures(scene, addLabel, () => 0, false);
		const { world, pass } = busyWorld(size);
		for (let frame = 0; frame < 5; frame++) {
			pass(16);
			figures.update(world.agents, 0.016, undefined);
		}
		return { scene, figures, world };
	}

	it("take as many draws for 100 as for a few", () => {
		const few = drawsOf(draw(4).scene);
		expect(few).toBeGreaterThan(5);
		expect(drawsOf(draw(100).scene)).toBe(few);
	});

	it("are all there, each with its parts, and gone after they have left", () => {
		const { scene, figures, world } = draw(100);
		const bodies = () => (scene.children[0] as InstancedMesh).count;
		expect(figures.avatars.size).toBe(100);
		expect(bodies()).toBe(100);
		world.setRoster(crowd(3));
		figures.update(world.agents, 0.016, undefined);
		expect(figures.avatars.size).toBe(3);
		expect(bodies()).toBe(100);
		figures.update(world.agents, 2, undefined);
		expect(bodies()).toBe(3);
	});
});

describe("things", () => {
	const TREE = {
		type: "scene_batch",
		messages: [
			{
				type: "scene_add",
				id: "top",
				kind: "cone",
				position: { x: 3.2, y: 1.4, z: 1 },
				scale: 0.8,
			},
			{
				type: "scene_add",
				id: "trunk",
				kind: "cylinder",
				position: { x: 3, z: 1 },
				scale: { x: 0.2, y: 0.9, z: 0.2 },
			},
			{
				type: "scene_add",
				id: "crown",
				kind: "sphere",
				position: { x: 3, y: 0.6, z: 1 },
				scale: { x: 1.4, y: 1.2, z: 1.4 },
			},
		],
	};

	function createScene() {
		const world = createWorld(() => 0);
		const scene = new Scene();
		const things = createThings(scene, noSigns);
		const names = ["box", "sphere", "cone", "cylinder", "marker"];
		return {
			world,
			scene,
			things,
			/** Where the only thing of a shape is, and how large. */
			at(shape: string) {
				const mesh = scene.children[names.indexOf(shape)] as InstancedMesh;
				const matrix = new Matrix4();
				mesh.getMatrixAt(0, matrix);
				const position = new Vector3().setFromMatrixPosition(matrix);
				const scale = new Vector3().setFromMatrixScale(matrix);
				return { count: mesh.count, position, scale };
			},
		};
	}

	// What stood on another at the start and at the end stands on it in between.
	function expectOneTree({ at }: ReturnType<typeof createScene>) {
		const [trunk, crown, top] = ["cylinder", "sphere", "cone"].map(at);
		if (!trunk || !crown || !top) throw new Error("no tree");
		const height = trunk.scale.y;
		expect(crown.position.y).toBeLessThanOrEqual(height);
		expect(crown.position.y).toBeGreaterThan(height * 0.4);
		const reach = crown.scale.x / 2 + top.scale.x / 2;
		expect(top.position.distanceTo(crown.position)).toBeLessThan(
			reach + crown.scale.y,
		);
		expect(Math.abs(top.position.x - trunk.position.x)).toBeLessThanOrEqual(
			crown.scale.x / 2,
		);
	}

	it.each([5, 90, 350, 700])(
		"keep their parts together while they come, grow and go, a frame each %i ms",
		(step) => {
			const scene = createScene();
			const { world, things } = scene;
			world.apply(TREE);
			let now = 1_000;
			for (const end = now + 1_000; now < end; now += step) {
				things.update(world.objects, now);
				expectOneTree(scene);
			}
			const larger = TREE.messages.map(({ position, scale, ...message }) => ({
				...message,
				position: { ...position, y: 2 * (position.y ?? 0) },
				scale:
					typeof scale === "number"
						? 2 * scale
						: { x: 2 * scale.x, y: 2 * scale.y, z: 2 * scale.z },
			}));
			world.apply({ ...TREE, messages: larger });
			for (const end = now + 1_000; now < end; now += step) {
				things.update(world.objects, now);
				expectOneTree(scene);
			}
			now += 1_000;
			things.update(world.objects, now);
			expect(scene.at("cylinder").scale.y).toBeCloseTo(1.8);
			world.apply({ type: "scene_clear" });
			for (const end = now + 700; now < end; now += step) {
				things.update(world.objects, now);
				expectOneTree(scene);
			}
			things.update(world.objects, now + 1_000);
			expect(scene.at("cylinder").count).toBe(0);
		},
	);

	it("of a shape that nobody has heard of are a marker", () => {
		const { world, things, at } = createScene();
		world.apply({ type: "scene_add", id: "a", kind: "torus" });
		things.update(world.objects, 0);
		expect(at("marker").count).toBe(1);
		expect(at("box").count).toBe(0);
	});

	it("take a draw for each shape, however many there are, up to what is shown", () => {
		const { world, things, scene, at } = createScene();
		for (let i = 0; i < 1_200; i++)
			world.apply({
				type: "scene_add",
				id: `${i}`,
				kind: i % 2 ? "box" : "cone",
				glow: 1,
			});
		for (let now = 0; now < 2_000; now += 100)
			things.update(world.objects, now);
		expect(at("box").count + at("cone").count).toBe(1_000);
		expect(drawsOf(scene)).toBe(3);
	});
});
