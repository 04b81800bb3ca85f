import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { createTextCache } from "../../../src/node/native/text-cache.ts";

test("a text is what its bytes say, whatever came before at the same place", () => {
	const buffer = Buffer.alloc(256);
	const textOf = createTextCache(buffer);
	const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 });
	fc.assert(
		fc.property(fc.array(text, { maxLength: 40 }), fc.nat(100), (texts, at) => {
			for (const text of texts) {
				const end = at + buffer.write(text, at, "latin1");
				expect(textOf(at, end)).toBe(text);
			}
		}),
	);
});

test("texts that share a slot do not answer for each other", () => {
	const buffer = Buffer.alloc(16);
	const textOf = createTextCache(buffer);
	for (let round = 0; round < 2; round++)
		for (let number = 0; number < 5_000; number++) {
			const text = `scout-${number}`;
			expect(textOf(0, buffer.write(text))).toBe(text);
		}
});

test("long ones are read, too", () => {
	const buffer = Buffer.alloc(200, "x");
	expect(createTextCache(buffer)(0, 200)).toBe("x".repeat(200));
});

test("names that are numbered are found again, hardly any pushes another out", () => {
	const buffer = Buffer.alloc(16);
	const made = vi.spyOn(buffer, "toString");
	const textOf = createTextCache(buffer);
	const names = Array.from(
		{ length: 200 },
		(_, number) => `b${`${number}`.padStart(7, "0")}`,
	);
	const readAll = () => {
		for (const name of names) textOf(0, buffer.write(name));
		return made.mock.calls.length;
	};
	const first = readAll();
	expect(first).toBe(names.length);
	expect(readAll() - first).toBeLessThan(names.length / 5);
});
