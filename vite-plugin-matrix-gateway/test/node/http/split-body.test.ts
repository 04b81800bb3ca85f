import fc from "fast-check";
import { expect, test } from "vitest";
import { splitBody } from "../../../src/node/http/messages/split-body.ts";

const space = fc.string({ unit: fc.constantFrom(" ", "\n", "\r", "\t") });

test("HTTP7 RT9 an array is split into what stands in it, byte for byte", () => {
	const items = fc.array(fc.tuple(space, fc.json(), space));
	fc.assert(
		fc.property(space, items, space, (before, parts, after) => {
			const list = parts.map(([left, item, right]) => left + item + right);
			const body = Buffer.from(`${before}[${list.join(",")}]${after}`);
			const texts = splitBody(body).map((text) => Buffer.from(text).toString());
			expect(texts).toEqual(parts.map(([, item]) => item.trim()));
		}),
	);
});

test("HTTP7 what is no JSON, or neither an object nor an array, is refused", () => {
	const isMessage = (text: string) => {
		try {
			const value: unknown = JSON.parse(text);
			return typeof value === "object" && value !== null;
		} catch {
			return false;
		}
	};
	const almost = fc.string({ unit: fc.constantFrom(...'[]{},:"\\1 ') });
	fc.assert(
		fc.property(almost, (text) => {
			const split = () => splitBody(Buffer.from(text));
			if (isMessage(text)) split();
			else expect(split).toThrow();
		}),
		{ numRuns: 1_000 },
	);
});
