import { expect, it } from "vitest";
import {
	createLabelLayout,
	HIDDEN,
	isBefore,
	type LabelBox,
	type Rect,
} from "../src/world/label-layout.ts";
import { createRandom } from "../src/world/random.ts";

const SCREENS = [
	[1280, 800],
	[1024, 1366],
	[1366, 1024],
	[844, 390],
	[390, 844],
	[320, 568],
] as const;

const DOT = { width: 12, height: 12 };

function label(x: number, y: number, more: Partial<LabelBox> = {}): LabelBox {
	const forms = [
		{ width: 0, height: 0 },
		{ width: 120, height: 40 },
		{ width: 90, height: 26 },
		DOT,
	];
	const place = { x, y, depth: 10, face: 0, left: 0, top: 0 };
	const unplaced = { form: HIDDEN, spot: 0, mark: HIDDEN, slot: HIDDEN };
	return { ...place, ...unplaced, urgency: 0, forms, ...more };
}

function speaking(x: number, y: number, more: Partial<LabelBox> = {}) {
	const box = label(x, y, { urgency: 1, ...more });
	return {
		...box,
		forms: [{ width: 236, height: 110 }, ...box.forms.slice(1)],
	};
}

function rectOf({ form, forms, left, top }: LabelBox): Rect {
	const { width, height } = forms[form] ?? { width: 0, height: 0 };
	return { left, top, right: left + width, bottom: top + height };
}

const overlap = (a: Rect, b: Rect) =>
	a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;

function frameOf(width: number, height: number): Rect {
	return { left: 0, top: 0, right: width, bottom: height };
}

/** Panels as a page has them: above, at the side, below. */
function panelsOf(width: number, height: number): Rect[] {
	return [
		{ left: 0, top: 0, right: 270, bottom: 66 },
		{ left: width - 250, top: 0, right: width, bottom: height * 0.3 },
		{ left: 0, top: height - 60, right: width, bottom: height },
	];
}

function expectApart(labels: readonly LabelBox[], panels: readonly Rect[]) {
	const rects = labels.filter(({ form }) => form !== HIDDEN).map(rectOf);
	const pairs = rects.flatMap((rect, index) =>
		[...rects.slice(index + 1), ...panels].map((other) => [rect, other]),
	) as [Rect, Rect][];
	expect(pairs.filter(([a, b]) => overlap(a, b))).toEqual([]);
}

it("leaves a label that has room right above its point", () => {
	const one = label(400, 300);
	createLabelLayout().arrange([one], frameOf(800, 600), []);
	expect(one).toMatchObject({ form: 1, left: 340, top: 260 });
});

it.each(SCREENS)(
	"never covers one with another, nor leaves the screen, at %i×%i",
	(width, height) => {
		const random = createRandom(width);
		const layout = createLabelLayout();
		const panels = panelsOf(width, height);
		for (let turn = 0; turn < 60; turn++) {
			const labels = Array.from({ length: 12 }, (_, index) => {
				const create = index % 3 === 0 ? speaking : label;
				const depth = 5 + 20 * random();
				return create(random() * width, random() * height, { depth });
			}).sort((a, b) => (isBefore(a, b) ? -1 : 1));
			// Twice, as two frames: the second one begins with what the first one chose.
			for (let frame = 0; frame < 2; frame++) {
				layout.arrange(labels, frameOf(width, height), panels);
				expectApart(labels, panels);
				const margins = labels
					.map(rectOf)
					.flatMap(({ left, top, right, bottom }) => [
						...[left, top, width - right, height - bottom],
					]);
				expect(Math.min(...margins)).toBeGreaterThanOrEqual(0);
			}
		}
	},
);

it("gives the first choice to who is followed or speaks, then to who is nearer", () => {
	const near = label(0, 0, { depth: 5 });
	const far = label(0, 0, { depth: 9 });
	const speaker = speaking(0, 0, { depth: 20 });
	const followed = label(0, 0, { depth: 30, urgency: 2 });
	expect(
		[far, near, speaker, followed].sort((a, b) => (isBefore(a, b) ? -1 : 1)),
	).toEqual([followed, speaker, near, far]);
});

it("makes names of plates and dots of names where there is no room for more", () => {
	const crowd = Array.from({ length: 24 }, (_, index) =>
		label(150 + (index % 6) * 34, 120 + Math.floor(index / 6) * 30),
	);
	createLabelLayout().arrange(crowd, frameOf(480, 360), []);
	expectApart(crowd, []);
	const forms = crowd.map(({ form }) => form);
	expect(forms[0]).toBe(1);
	expect(forms).toContain(3);
	expect(forms).not.toContain(HIDDEN);
});

it("leaves everyone a mark, however much is said", () => {
	const silent = label(400, 300, { depth: 20 });
	const speakers = [360, 400, 440].map((x) => speaking(x, 310));
	createLabelLayout().arrange([...speakers, silent], frameOf(800, 600), []);
	expectApart([...speakers, silent], []);
	expect(silent.form).not.toBe(HIDDEN);
});

it("keeps off faces where there is another place, and covers one before it says nothing", () => {
	const behind = label(400, 300, { face: 50, depth: 20 });
	const front = label(430, 350, { face: 60 });
	createLabelLayout().arrange([front, behind], frameOf(800, 600), []);
	const face = { left: 375, top: 300, right: 425, bottom: 350 };
	expect(front.form).toBe(1);
	expect(overlap(rectOf(front), face)).toBe(false);
	const large = { ...behind, face: 700 };
	createLabelLayout().arrange([front, large], frameOf(800, 600), []);
	expect(front.form).toBe(1);
});

it("keeps labels off panels, also that of somebody who stands behind one", () => {
	const panel = { left: 300, top: 0, right: 500, bottom: 320 };
	const one = label(320, 300);
	createLabelLayout().arrange([one], frameOf(500, 600), [panel]);
	expect(one.form).not.toBe(HIDDEN);
	expect(overlap(rectOf(one), panel)).toBe(false);
});

it("writes nothing over who is not in the picture", () => {
	const beside = label(-100, 300);
	const behind = label(400, 300, { depth: 0 });
	createLabelLayout().arrange([beside, behind], frameOf(800, 600), []);
	expect([beside.form, behind.form]).toEqual([HIDDEN, HIDDEN]);
});

it("does not flicker between two places while someone steps to and fro", () => {
	const layout = createLabelLayout();
	const [still, moving] = [label(400, 300), label(523, 300)];
	let changes = 0;
	for (let frame = 0; frame < 40; frame++) {
		const { form, spot } = moving;
		moving.x = 523 + (frame % 2) * 2;
		layout.arrange([still, moving], frameOf(800, 600), []);
		if (frame > 1 && (moving.form !== form || moving.spot !== spot))
			changes += 1;
	}
	expect(changes).toBe(0);
});
