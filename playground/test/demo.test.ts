import type { MatrixMessage } from "vite-plugin-matrix-gateway/client";
import { describe, expect, it } from "vitest";
import { createGarden } from "../demo/garden.ts";
import { createInbox } from "../demo/inbox.ts";
import { answerTo, INTERVIEW } from "../demo/lines.ts";
import { takeSnapshot } from "../src/model/snapshot.ts";
import { createWorld } from "../src/model/world.ts";

describe("the garden", () => {
	it("stays within its bounds however long Timmy works", () => {
		const { garden, world } = gardenInWorld();
		const year = Array.from({ length: 100 }, () => {
			world.apply(garden.plant().message);
			world.apply(garden.light().message);
			const tended = garden.tend();
			if (tended) world.apply(tended.message);
			return world.objects.size;
		});
		expect(Math.max(...year)).toBeLessThanOrEqual(40);
		expect(new Set(year.slice(-20)).size).toBe(1);
	});

	it("is the same for those who were there and those who come late", () => {
		const { garden, world } = gardenInWorld();
		const messages = garden.announce();
		for (let i = 0; i < 9; i++) {
			messages.push(garden.plant().message, garden.light().message);
			const tended = garden.tend();
			if (tended) messages.push(tended.message);
		}
		for (const message of messages) world.apply(message);
		const late = createWorld(() => 0);
		for (const message of retained(messages)) late.apply(message);
		expect(takeSnapshot(late)).toEqual(takeSnapshot(world));
	});

	it("asks the gateway to retain no more than there is", () => {
		const { garden } = gardenInWorld();
		const messages = Array.from({ length: 100 }, () => [
			garden.plant().message,
			garden.light().message,
		]).flat();
		expect(retained(messages).length).toBeLessThanOrEqual(12);
	});

	it("takes everything out again", () => {
		const { garden, world } = gardenInWorld();
		world.apply(garden.plant().message);
		world.apply(garden.clear());
		expect(world.objects.size).toBe(0);
		expect(keyOf(garden.plant().message)).toMatch(/^scene\/timmy\//);
		expect(garden.clear().retain).toEqual({ clear: "scene/timmy/" });
	});

	// What the gateway does with `retain.key`: the last of each, in the order in which they came.
	function retained(messages: readonly MatrixMessage[]): MatrixMessage[] {
		const kept = new Map<string, MatrixMessage>();
		for (const message of messages) {
			kept.delete(keyOf(message));
			kept.set(keyOf(message), message);
		}
		return [...kept.values()];
	}

	function keyOf({ retain }: MatrixMessage): string {
		return (retain as { key: string }).key;
	}

	function gardenInWorld() {
		const garden = createGarden();
		const world = createWorld(() => 0);
		for (const message of garden.announce()) world.apply(message);
		return { garden, world };
	}
});

describe("an inbox", () => {
	it("hands out what is there, in order", async () => {
		const inbox = createInbox<string>(2, new AbortController().signal);
		for (const item of ["a", "b", "past the limit"]) inbox.put(item);
		expect([await inbox.next(0), await inbox.next(0)]).toEqual(["a", "b"]);
	});

	it("wakes whoever waits", async () => {
		const inbox = createInbox<string>(2, new AbortController().signal);
		const waiting = inbox.next(60_000);
		inbox.put("news");
		expect(await waiting).toBe("news");
	});

	it("stops waiting when its signal aborts", async () => {
		const stopping = new AbortController();
		const waiting = createInbox(1, stopping.signal).next(60_000);
		stopping.abort();
		await expect(waiting).rejects.toThrow("aborted");
	});
});

describe("the interview", () => {
	it.each(INTERVIEW)("knows an answer to $question", ({ question, answer }) => {
		expect(answerTo(question)).toBe(answer);
	});
});
