import { describe, expect, it } from "vitest";
import { createWorld } from "../src/model/world.ts";
import { describeAbsence, describeChange, pastOf } from "../src/ui/away.ts";

function create() {
	const world = createWorld(() => 0);
	const enter = (...names: string[]) =>
		world.setRoster(names.map((agentId) => ({ agentId, role: "agent" })));
	return { world, enter };
}

describe("what happened meanwhile", () => {
	it("is nothing where nothing did", () => {
		const { world, enter } = create();
		enter("ada");
		expect(describeChange(pastOf(world), pastOf(world))).toBe("");
	});

	it("is who came and left, how much was said, and what stands there", () => {
		const { world, enter } = create();
		enter("ada", "bob");
		const past = pastOf(world);
		enter("ada", "cy", "di", "eve", "flo");
		world.apply({ type: "bark", agentId: "cy", text: "Hi" });
		world.apply({ type: "scene_add", id: "a" });
		world.apply({ type: "scene_add", id: "b" });
		const change = describeChange(past, pastOf(world));
		expect(change).toBe(
			"cy, di and 2 more came · bob left · 1 line of activity · 2 things more",
		);
		expect(describeAbsence(720_000, change, "14:02")).toBe(
			`While you were away (12 min): ${change} · what was said from 14:02 on is missing here`,
		);
	});
});
