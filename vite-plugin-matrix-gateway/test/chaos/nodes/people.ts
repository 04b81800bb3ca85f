/** All who use the hub of a trial, and what they tell of it. */
import { onTestFinished } from "vitest";
import type { Random } from "../random.ts";
import { type Agent, createAgent } from "./agent.ts";
import { type Contender, createContender } from "./contender.ts";
import { createFront } from "./front.ts";
import type { Node } from "./node.ts";
import { createProber, type Prober } from "./prober.ts";
import type { Records } from "./records.ts";
import { createViewer, type Viewer } from "./viewer.ts";

export interface People {
	/** With sessions, on any node. */
	readonly agents: readonly Agent[];
	/** One a node. */
	readonly viewers: readonly Viewer[];
	/** One a node, each an agent without a session. */
	readonly guests: readonly Contender[];
	readonly prober: Prober;
	/** Whether everyone is online. */
	areThere(): boolean;
	/** Who is not, in words. */
	standing(): string[];
	records(): Records;
}

const AGENTS = 12;

/** The name that several want. */
export const CROWN = "crown";

/** The name of a node's guest. */
export function guestOf(index: number): string {
	return `guest-${index}`;
}

export async function createPeople(
	nodes: readonly Node[],
	random: Random,
): Promise<People> {
	const up = () => nodes.filter(({ isUp }) => isUp).map(({ port }) => port);
	const front = await createFront(up, random.fork());
	const url = `ws://127.0.0.1:${front.port}/ws/matrix`;
	const agents = Array.from({ length: AGENTS }, (_, n) =>
		createAgent(url, `agent-${n}`),
	);
	const viewers = nodes.map((node, n) => createViewer(node.url, `viewer-${n}`));
	const guests = nodes.map((node, n) =>
		createContender(node.url, guestOf(n), random.fork()),
	);
	const contenders = nodes.map((node) =>
		createContender(node.url, CROWN, random.fork()),
	);
	const prober = createProber(url, CROWN);
	const everyone = [...agents, ...viewers, ...guests, prober, ...contenders];
	onTestFinished(async () => {
		for (const one of everyone) one.dispose();
		await front.close();
	});
	const expected = [...agents, ...viewers, ...guests, prober];
	return {
		...{ agents, viewers, guests, prober },
		areThere: () => expected.every(({ isOnline }) => isOnline),
		standing: () => [
			...agents.filter(({ isOnline }) => !isOnline).map((one) => one.standing),
			...named(viewers, "viewer"),
			...named(guests, "guest"),
			...named([prober], "prober"),
		],
		records: () => ({
			segments: [...agents, ...viewers].flatMap((one) => one.segments()),
			speakers: agents,
			owners: contenders.flatMap(({ owners }) => owners),
			probes: prober.outcomes,
		}),
	};
}

function named(
	some: readonly { readonly isOnline: boolean }[],
	what: string,
): string[] {
	return some.flatMap(({ isOnline }, n) =>
		isOnline ? [] : [`${what}-${n}: offline`],
	);
}
