/** A page that comes late shows what an early one does. */
import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
import { createMatrix, type Matrix } from "vite-plugin-matrix-gateway/testing";
import { expect, it, onTestFinished } from "vitest";
import { MAX_AGENTS_SHOWN } from "../src/model/agents.ts";
import { MAX_OBJECTS_SHOWN } from "../src/model/objects.ts";
import { takeSnapshot } from "../src/model/snapshot.ts";
import { createWorld, type World } from "../src/model/world.ts";

function create(): Matrix {
	const matrix = createMatrix({ gateway: { retain: "matrix" } });
	onTestFinished(() => matrix.close());
	return matrix;
}

/** A page, as far as it is a world. */
function openPage(matrix: Matrix): World {
	const world = createWorld(() => matrix.now);
	const client = createMatrixClient(matrix.client);
	client.onAgents(() => world.setRoster([...client.agents.values()]));
	client.on("gateway_hello", ({ agents }) => world.setRoster(agents));
	client.on("*", (message) => world.apply(message));
	return world;
}

/** What stays of a world: neither what was said, nor how far anybody has walked. */
function lasting(world: World) {
	const { agents, objects, zones, title, roster } = takeSnapshot(world);
	return {
		...{ title, roster, objects, zones },
		agents: agents.map(({ position, bubble, behavior, ...agent }) => agent),
		shownAgents: [...world.agents.keys()].slice(0, MAX_AGENTS_SHOWN),
		shownObjects: [...world.objects.keys()].slice(0, MAX_OBJECTS_SHOWN),
	};
}

async function join(matrix: Matrix, agentId: string) {
	const client = createMatrixClient({ ...matrix.client, agentId });
	await matrix.settled();
	return client;
}

it("is the same of each documented type", async () => {
	const matrix = create();
	const early = openPage(matrix);
	const timmy = await join(matrix, "timmy");
	const ada = await join(matrix, "ada");
	timmy.send({ type: "agent_state", state: "working", current_task: "garden" });
	timmy.send({ type: "agent_state", state: "thinking", glow_intensity: 0.3 });
	timmy.send({ type: "agent_move", position: { x: 2, y: 0, z: 1 }, facing: 1 });
	ada.send({ type: "agent_move", position: { x: -2, y: 0, z: 1 }, speed: 0.1 });
	ada.send({ type: "agent_behavior", behavior: "ponder" });
	ada.send({ type: "bark", text: "Hi" });
	// A word that the types do not know, as another client may send.
	const kind = "torus" as "box";
	timmy.send({ type: "scene_add", id: "a", kind, label: "Ring" });
	timmy.send({ type: "scene_update", id: "a", color: "#fff" });
	timmy.send({
		type: "scene_batch",
		messages: [
			{ type: "scene_add", id: "b", kind: "cone" },
			{ type: "scene_add", id: "c" },
			{ type: "scene_remove", id: "a" },
		],
	});
	ada.send({ type: "scene_add", id: "c", kind: "sphere", glow: 1 });
	ada.send({ type: "zone_add", id: "z", position: { x: 1, y: 0, z: 1 } });
	ada.send({ type: "zone_add", id: "y", position: { x: 2, y: 0, z: 1 } });
	ada.send({ type: "zone_remove", id: "y" });
	ada.send({ type: "world_register", id: "m", name: "Meadow" });
	ada.send({ type: "world_register", id: "s", name: "Sea" });
	ada.send({ type: "world_load", id: "m" });
	ada.send({ type: "task_created", task_id: "t", title: "Plant" });
	ada.send({ type: "payment_flow", from: "ada", to: "timmy", amount: 1 });
	ada.send({ type: "system_status", status: "ok" });
	await matrix.settled();
	const late = openPage(matrix);
	await matrix.settled();
	expect(lasting(late)).toEqual(lasting(early));
	expect(lasting(early)).toMatchObject({
		title: "Meadow",
		objects: [
			{ id: "b", kind: "cone" },
			{ id: "c", kind: "sphere" },
		],
		zones: [{ id: "z" }],
	});
});

it("is the same of an agent that has registered anew, in another role", async () => {
	const matrix = create();
	const early = openPage(matrix);
	const timmy = await join(matrix, "timmy");
	timmy.send({ type: "agent_state", state: "working", current_task: "garden" });
	timmy.send({ type: "agent_move", position: { x: 2, y: 0, z: 1 }, speed: 0 });
	timmy.send({ type: "agent_register", agentId: "timmy", role: "gardener" });
	await matrix.settled();
	const late = openPage(matrix);
	await matrix.settled();
	expect(lasting(early).agents).toMatchObject([{ role: "gardener" }]);
	expect(lasting(late)).toEqual(lasting(early));
});

it("is the same of more objects than are shown, whichever change or go", async () => {
	const matrix = create();
	const early = openPage(matrix);
	const timmy = await join(matrix, "timmy");
	const ids = Array.from({ length: MAX_OBJECTS_SHOWN + 40 }, (_, i) => `o${i}`);
	for (const id of ids) timmy.send({ type: "scene_add", id });
	for (const id of ids.slice(0, 30)) timmy.send({ type: "scene_remove", id });
	for (const id of ids.slice(30, 60))
		timmy.send({ type: "scene_add", id, kind: "cone" });
	timmy.send({ type: "scene_update", id: "o70", color: "#fff" });
	await matrix.settled();
	const late = openPage(matrix);
	await matrix.settled();
	expect(late.objects.size).toBe(MAX_OBJECTS_SHOWN + 10);
	expect(lasting(late)).toEqual(lasting(early));
});
