/** The oracle itself: it is content with one node, which has one order, and finds what was planted. */
import { expect, test } from "vitest";
import { judge } from "./oracle.ts";
import type { Records, Segment } from "./records.ts";
import { SEEDS } from "./seeds.ts";
import { runTrial } from "./trial.ts";

test.each(SEEDS)(
	"RT5 RES3 what the trials look for is so of one node, and what is planted is found (MATRIX_TRIAL_SEED=%i)",
	async (seed) => {
		const records = await runTrial(
			{ name: "quiet", disturb: ({ pass }) => pass(1_500) },
			seed,
		);
		for (const [what, plant] of Object.entries(PLANTED))
			expect(judge(plant(records), false), what).not.toEqual([]);
	},
	60_000,
);

test("RES4 a node that forgets is found out", async () => {
	const forgets = runTrial(
		{
			name: "a memory that dies with its process",
			async disturb({ nodes: [node] }) {
				await node?.kill();
				await node?.start();
			},
		},
		SEEDS[0] ?? 0,
	);
	await expect(forgets).rejects.toThrow(/lost its session/);
}, 60_000);

const PLANTED: Record<string, (records: Records) => Records> = {
	"one is lost": (records) =>
		inOne(records, (heard) => heard.toSpliced(heard.length / 2, 1)),
	"one comes twice": (records) =>
		inOne(records, (heard) =>
			heard.toSpliced(heard.length / 2, 0, ...heard.slice(5, 6)),
		),
	"two of different speakers are the other way round at one": (records) =>
		inOne(records, swapped),
	"somebody joins twice": (records) =>
		inPresence(records, [
			{ agentId: "ghost", isThere: true },
			{ agentId: "ghost", isThere: true },
		]),
	"somebody leaves who is not there": (records) =>
		inPresence(records, [{ agentId: "ghost", isThere: false }]),
	"a name has two owners": ({ owners, ...records }) => ({
		...records,
		owners: [...owners, ...owners.slice(-1)],
	}),
	"who was replaced is sent more": ({ owners, ...records }) => ({
		...records,
		owners: [...owners, { events: ["replaced", 1_000_000] }],
	}),
	"a message is taken for lost, and came": ({ probes, ...records }) => ({
		...records,
		probes: probes.map(() => "offline"),
	}),
	"a receipt does not come": ({ speakers, ...records }) => ({
		...records,
		speakers: speakers.map((speaker) => ({ ...speaker, receipts: [""] })),
	}),
};

/** @param change Of what the last observer heard: a viewer, which hears broadcasts alone. */
function inOne(
	{ segments, ...records }: Records,
	change: (heard: Segment["heard"]) => Segment["heard"],
): Records {
	const last = segments.at(-1) as Segment;
	return {
		...records,
		segments: [
			...segments.slice(0, -1),
			{ ...last, heard: change(last.heard) },
		],
	};
}

function inPresence(
	{ segments, ...records }: Records,
	more: Segment["presence"],
): Records {
	const last = segments.at(-1) as Segment;
	const presence = [...last.presence, ...more];
	return {
		...records,
		segments: [...segments.slice(0, -1), { ...last, presence }],
	};
}

function swapped(heard: Segment["heard"]): Segment["heard"] {
	const at = heard.findIndex(
		({ from }, index) => index > 5 && heard[index + 1]?.from !== from,
	);
	const [one, other] = heard.slice(at, at + 2) as [never, never];
	return heard.toSpliced(at, 2, other, one);
}
