import type { MatrixClient } from "vite-plugin-matrix-gateway/client";
import { IRIS } from "./cast.ts";
import { AT_LARGE, SEEN } from "./iris-lines.ts";
import { createLife, type Running } from "./life.ts";
import { FRONT, LOOKOUTS } from "./places.ts";
import { chooseThing, type Looking, lookAt } from "./strolling.ts";
import { pick } from "./time.ts";

const STROLLING: Looking = { task: "strolling", lines: SEEN, seconds: 1.5 };

/** Iris, the observer: she wanders, and remarks on what she sees, until the signal aborts. */
export async function runIris(
	client: MatrixClient,
	running: Running,
): Promise<void> {
	const life = createLife(client, IRIS.agentId, { x: 2.9, z: -1 }, running);
	const { body, wording, clock } = life;
	const seen = new Map<string, number>();

	async function observe() {
		const thing = chooseThing(life, seen);
		if (thing) await lookAt(life, thing, STROLLING);
	}

	async function reflect() {
		body.show("thinking", "watching");
		await body.walkTo(pick(LOOKOUTS, clock.random), FRONT);
		body.behave("wander", 5);
		await body.pause(1.5);
		await body.say(wording.fresh(AT_LARGE, life.knowledge()), "calm", "nod");
	}

	try {
		await life.begin();
		await reflect();
		for (;;) {
			await (clock.random() < 0.5 ? observe() : reflect());
			await body.pause(2 + clock.random() * 3);
		}
	} finally {
		life.stop();
	}
}
