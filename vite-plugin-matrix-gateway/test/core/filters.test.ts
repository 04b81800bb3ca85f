/** How many different filters a world has room for, and what becomes of one more. */
import { expect, test } from "vitest";
import type { Interest } from "../../src/core/protocol/message-types.ts";
import { resolveOptions } from "../../src/core/protocol/options.ts";
import { MAX_FILTERS } from "../../src/core/world/audiences.ts";
import type { Join } from "../../src/core/world/command.ts";
import type { Greeting } from "../../src/core/world/effects.ts";
import { SILENCE } from "../../src/core/world/silence.ts";
import { apply, createWorld } from "../../src/core/world/world.ts";
import { fromFrames, toFrame } from "./support/frame.ts";

function arrange() {
	const answers: unknown[] = [];
	const world = createWorld({
		options: resolveOptions(),
		codec: {
			encode: toFrame,
			toUtf8: (text) => new TextEncoder().encode(text),
		},
		effects: {
			...SILENCE,
			live: (_, welcome) => answers.push((welcome as Greeting).subscribe),
			subscribed(_, told) {
				const [text = ""] = "answer" in told ? fromFrames(told.answer) : [];
				answers.push(JSON.parse(text).subscribe);
			},
		},
	});
	apply(world, { type: "up" }, "node");
	const join = (name: string, more: Partial<Join> = {}) => {
		const register: Join = {
			...{ type: "join", conn: name, agentId: name, role: "agent", at: 0 },
			...{ grant: {}, isNewcomer: true, answer: true },
			...{ session: undefined, resume: undefined },
			...more,
		};
		apply(world, register, "node");
		return answers.at(-1);
	};
	const subscribe = (conn: string, interest: Interest) => {
		apply(world, { type: "subscribe", conn, interest, answer: true }, "node");
		return answers.at(-1);
	};
	const leave = (name: string) =>
		apply(
			world,
			{ type: "leave", conn: name, agentId: name, answer: true },
			"node",
		);
	for (let n = 0; n < MAX_FILTERS; n++)
		join(`a${n}`, { subscribe: { types: [`t${n}`] } });
	return { world, join, subscribe, leave };
}

const ANOTHER = { types: ["another"] };

test("SUB4 past so many different ones all is sent, and told", () => {
	const { join, subscribe, leave } = arrange();
	expect(join("late", { subscribe: ANOTHER })).toBeNull();
	expect(subscribe("late", ANOTHER)).toBeNull();
	// As a viewer it had one of its own, of which the world knows nothing.
	expect(join("viewer", { interest: ANOTHER })).toBeNull();
	expect(subscribe("late", { types: ["t7"] })).toEqual({ types: ["t7"] });
	leave("a3");
	expect(join("next", { subscribe: ANOTHER })).toEqual(ANOTHER);
	expect(subscribe("late", ANOTHER)).toEqual(ANOTHER);
});

test("SUB4 GRANT1 what a token allows holds all the same", () => {
	const { world, join } = arrange();
	const grant = { subscribe: ["bark"] };
	expect(join("bound", { grant, subscribe: ANOTHER })).toBeNull();
	const { filter } = world.peers.get("bound")?.audience ?? {};
	expect([filter?.passes("bark", []), filter?.passes("wave", [])]).toEqual([
		...[true, false],
	]);
});
