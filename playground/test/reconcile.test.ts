import { describe, expect, it } from "vitest";
import { createReconciler } from "../src/world/reconcile.ts";

/** Things that are gone at their second `leave`. */
function create() {
	const reconciler = createReconciler((name: string) => {
		let turns = 2;
		return { name, update() {}, leave: () => --turns === 0 };
	});
	return {
		show(names: string, limit?: number) {
			const known = new Map([...names].map((name) => [name, name]));
			reconciler.update(known, 0, limit);
			const leaving = [...reconciler.leaving].map(({ name }) => name);
			return [[...reconciler.shown.keys()].join(""), leaving.join("")];
		},
		find: (name: string) => reconciler.shown.get(name),
	};
}

describe("what is shown", () => {
	it("is what is known, and for a while what was", () => {
		const { show } = create();
		expect(show("abc")).toEqual(["abc", ""]);
		expect(show("bd")).toEqual(["bd", "ac"]);
		expect(show("bd")).toEqual(["bd", ""]);
	});

	it("is the first so many, also when one of them becomes the last", () => {
		const { show } = create();
		expect(show("abcd", 2)).toEqual(["ab", ""]);
		expect(show("bcda", 2)).toEqual(["bc", "a"]);
		expect(show("cda", 2)).toEqual(["cd", "b"]);
	});

	it("is another where it comes again while the first is leaving", () => {
		const { show, find } = create();
		show("a");
		const first = find("a");
		show("");
		expect(find("a")).toBeUndefined();
		expect(show("a")).toEqual(["a", ""]);
		expect(find("a")).not.toBe(first);
	});
});
