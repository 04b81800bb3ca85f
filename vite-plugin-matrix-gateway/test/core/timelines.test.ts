import { expect, test } from "vitest";
import { createTimelines } from "../../src/core/world/timelines.ts";

test("HTTP10 a place of a former timeline is of this history up to where the next one began", () => {
	const timelines = createTimelines();
	expect(timelines.current).toBe("");
	expect(timelines.has("", 0)).toBe(false);
	timelines.begin("a", 0);
	timelines.begin("b", 10);
	timelines.begin("c", 20);
	expect(timelines.current).toBe("c");
	expect(timelines.has("a", 10)).toBe(true);
	// The process that told it knew more than what was left of it.
	expect(timelines.has("a", 11)).toBe(false);
	expect(timelines.has("b", 20)).toBe(true);
	expect(timelines.has("b", 21)).toBe(false);
	expect(timelines.has("c", 1_000)).toBe(true);
	expect(timelines.has("d", 0)).toBe(false);
});

test("HTTP10 ORD17 where history is cut no place of before is believed", () => {
	const timelines = createTimelines();
	timelines.begin("a", 0);
	timelines.beginAlone("b", 10);
	expect(timelines.has("a", 0)).toBe(false);
	expect(timelines.has("b", 10)).toBe(true);
});

test("HTTP10 they are put back as they were, and are few", () => {
	const timelines = createTimelines();
	for (let at = 0; at < 100; at++) timelines.begin(`node-${at}`, at);
	expect(timelines.has("node-67", 67)).toBe(false);
	expect(timelines.has("node-68", 68)).toBe(true);
	const again = createTimelines();
	again.restore(timelines.cut());
	expect(again.cut()).toEqual(timelines.cut());
	again.restore(undefined);
	expect(again.current).toBe("");
});
