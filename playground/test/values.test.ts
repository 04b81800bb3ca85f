import { describe, expect, it } from "vitest";
import {
	readAgentId,
	readColor,
	readNumber,
	readPosition,
	readText,
	WORLD_RADIUS,
} from "../src/model/values.ts";

describe("readNumber", () => {
	it("keeps a number within its bounds", () => {
		expect(readNumber(5, 0, 1)).toBe(1);
		expect(readNumber(-5, 0, 1)).toBe(0);
	});

	it.each(["1", Number.NaN, Number.POSITIVE_INFINITY, null, {}, [1], true])(
		"takes %s for no number",
		(value) => expect(readNumber(value, 0, 1)).toBeUndefined(),
	);
});

describe("readText", () => {
	it("puts a text on one line and clips it", () => {
		expect(readText("a\nb\u0000c\u202Ed", 20)).toBe("a b c d");
		expect(readText("x".repeat(1_000_000), 10)).toBe(`${"x".repeat(9)}…`);
	});

	it("does not cut a character in half", () => {
		expect(readText("abc🌳🌳", 5)).toBe("abc…");
	});

	it.each([1, null, undefined, {}, "", "  \n "])("finds none in %s", (value) =>
		expect(readText(value, 20)).toBeUndefined(),
	);
});

describe("readPosition", () => {
	it("puts y on the ground where it is left out", () => {
		expect(readPosition({ x: 1, z: -2 })).toEqual({ x: 1, y: 0, z: -2 });
	});

	it("keeps everything in the world", () => {
		const far = readPosition({ x: 1e9, y: -1e9, z: -1e9 });
		expect(far).toEqual({ x: WORLD_RADIUS, y: 0, z: -WORLD_RADIUS });
	});

	it.each([
		null,
		[],
		"0,0",
		{ x: "1", z: 2 },
		{ x: 1 },
		{ x: Number.NaN, z: 0 },
	])("finds none in %j", (value) =>
		expect(readPosition(value)).toBeUndefined(),
	);
});

describe("readColor", () => {
	it("reads both lengths of hex, and names", () => {
		expect(readColor("#3a7")).toBe("#33aa77");
		expect(readColor("#33AA77")).toBe("#33aa77");
		expect(readColor("Tomato")).toBe("#ff6347");
	});

	it.each(["url(x)", "#12", "constructor", 7, null])("refuses %s", (value) =>
		expect(readColor(value)).toBeUndefined(),
	);
});

describe("readAgentId", () => {
	it("reads both spellings", () => {
		expect(readAgentId({ agentId: "a" })).toBe("a");
		expect(readAgentId({ agent_id: "b" })).toBe("b");
		expect(readAgentId({ agentId: 1, agent_id: "b" })).toBe("b");
	});
});
