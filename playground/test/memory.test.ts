import { beforeEach, describe, expect, it } from "vitest";
import type { Page } from "../src/handover.ts";
import { keepMemory } from "../src/memory.ts";
import { createWorld } from "../src/model/world.ts";

const KEY = "matrix-world/1 ada";

let entries: Map<string, string>;

beforeEach(() => {
	entries = new Map();
});

describe("a page's memory", () => {
	it("goes to the page that comes after a reload, and to no other agent's", () => {
		const first = openPage("ada");
		first.world.apply({ type: "chat_message", agentId: "a", text: "one" });
		first.fire("pagehide");
		expect(openPage("bob").world.activity).toEqual([]);
		const { activity } = openPage("ada").world;
		expect(activity).toMatchObject([{ who: "a", text: "one" }]);
	});

	it("waits in the storage only while there is no page, which a copy of the tab would find there", () => {
		openPage("ada").fire("pagehide");
		const { fire } = openPage("ada");
		expect(entries.size).toBe(0);
		fire("pagehide");
		expect([...entries.keys()]).toEqual([KEY]);
		fire("pageshow");
		expect(entries.size).toBe(0);
	});

	it.each(["{", "7", "null", '{"activity":1}'])("leaves %s alone", (text) => {
		entries.set(KEY, text);
		const { world } = openPage("ada");
		expect(world.activity).toEqual([]);
	});

	it("does without a storage that the browser forbids", () => {
		const { world, fire } = openPage("ada", () => {
			throw new Error("forbidden");
		});
		expect(() => fire("pagehide")).not.toThrow();
		expect(world.activity).toEqual([]);
	});
});

function openPage(name: string, storage = createStorage) {
	const world = createWorld(() => 0);
	const listeners: Record<string, () => unknown> = {};
	keepMemory(world, name, {
		get sessionStorage() {
			return storage();
		},
		addEventListener(type, listener) {
			listeners[type] = listener;
		},
	});
	return {
		world,
		fire: (type: "pagehide" | "pageshow") => listeners[type]?.(),
	};
}

function createStorage(): Page["sessionStorage"] {
	return {
		getItem: (key) => entries.get(key) ?? null,
		setItem: (key, text) => {
			entries.set(key, text);
		},
		removeItem: (key) => {
			entries.delete(key);
		},
	};
}
