import fc from "fast-check";
import { expect, test } from "vitest";
import { isOnList } from "../../src/core/protocol/names.ts";
import { createEveryone } from "../../src/core/world/audience.ts";
import { createBroadcastLog } from "../../src/core/world/broadcast-log.ts";
import { createFilter, type Filter } from "../../src/core/world/filter.ts";
import { createPatternIndex } from "../../src/core/world/pattern-index.ts";
import { type Agent, createPeer } from "../../src/core/world/peer.ts";
import { createSelection } from "../../src/core/world/selection.ts";

const name = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 4 });
const entry = fc
	.tuple(name, fc.boolean())
	.map(([text, isBeginning]) => (isBeginning ? `${text}*` : text));
const list = fc.array(entry, { maxLength: 4 });
const maybe = fc.option(list, { nil: undefined });

test("GRANT1 SUB1 a name is found on the lists that it is on, while others come and go", () => {
	fc.assert(
		fc.property(
			fc.array(fc.tuple(list, fc.boolean()), { maxLength: 8 }),
			name,
			(lists, asked) => {
				const index = createPatternIndex<number>();
				for (const [place, [entries]] of lists.entries())
					index.add(entries, place);
				for (const [place, [entries, goes]] of lists.entries())
					if (goes) index.remove(entries, place);
				const found = new Set<number>();
				index.find(asked, found);
				const expected = lists.flatMap(([entries, goes], place) =>
					!goes && isOnList(entries, asked) ? [place] : [],
				);
				expect([...found].sort()).toEqual(expected);
			},
		),
	);
});

test("GRANT1 SUB1 a message is for those whose filter it passes, asked for once or again", () => {
	const filter = fc.record({ allowed: maybe, types: maybe, from: maybe });
	fc.assert(
		fc.property(
			fc.array(filter, { maxLength: 6 }),
			fc.array(fc.tuple(name, fc.array(name, { maxLength: 2 })), {
				maxLength: 6,
			}),
			fc.nat(5),
			(given, messages, gone) => {
				const selection = createSelection<{ readonly filter: Filter }>();
				const all = given.flatMap(({ allowed, types, from }) => {
					const interest = {
						...(types && { types }),
						...(from && { from }),
					};
					const made = createFilter(allowed, interest);
					return made ? [{ filter: made }] : [];
				});
				for (const one of all) selection.add(one);
				const left = all.filter((_, place) => place !== gone);
				const removed = all[gone];
				for (const round of [all, all, left, left]) {
					if (round === left && removed) selection.remove(removed);
					for (const [type, names] of messages) {
						const passes = round.filter(({ filter }) =>
							filter.passes(type, names),
						);
						const selected = selection.of(type, agents(names));
						expect(new Set(selected)).toEqual(new Set(passes));
						expect(selected).toHaveLength(passes.length);
					}
				}
			},
		),
	);
});

function agents(names: readonly string[]): Agent[] {
	const log = createBroadcastLog({ maxLogBytes: 0 });
	const peer = createPeer("one", "node", createEveryone(log));
	return names.map((agentId) => ({
		...{ agentId, role: "agent", json: new Uint8Array() },
		...{ peer, connectedAt: 0 },
	}));
}

test("SUB4 what clients choose makes no message cost much: 1,000 filters of 100 texts, and types that are new", () => {
	const selection = createSelection<{ readonly filter: Filter }>();
	for (let n = 0; n < 1_000; n++) {
		const types = Array.from({ length: 100 }, (_, text) => `${text}-${n}-*`);
		const filter = createFilter(undefined, { types });
		if (filter) selection.add({ filter });
	}
	// By the way that asks each filter for each of its texts this takes a minute.
	for (let n = 0; n < 3_000; n++)
		expect(selection.of(`new-${n}`, [])).toHaveLength(0);
	expect(selection.of("7-500-x", [])).toHaveLength(1);
}, 10_000);
