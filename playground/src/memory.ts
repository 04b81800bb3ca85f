import { handOver, type Page } from "./handover.ts";
import type { Memory, World } from "./model/world.ts";

/**
 * Keeps what the world remembers for the page that comes after a reload: a tab that is duplicated
 * has not received what the first one received.
 *
 * @param name Whose memory it is.
 */
export function keepMemory(world: World, name: string, page: Page): void {
	const memory = handOver(page, `matrix-world/1 ${name}`, () => world.save());
	if (isMemory(memory)) world.restore(memory);
}

function isMemory(value: unknown): value is Memory {
	const { activity }: Partial<Memory> = Object(value);
	return Array.isArray(activity);
}
