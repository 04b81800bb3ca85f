import { hash } from "./hash.ts";
import type { Position } from "./values.ts";

/** The ring on which agents stand until they move, in metres from the middle. */
const INNER_RADIUS = 4.6;
const RING_WIDTH = 2;

/** An agent's own spot: always the same for the same id, on every page. */
export function homeOf(agentId: string): Position {
	const angle = hash(agentId) * 2 * Math.PI;
	const radius = INNER_RADIUS + hash(`${agentId}/radius`) * RING_WIDTH;
	return { x: Math.sin(angle) * radius, y: 0, z: Math.cos(angle) * radius };
}
