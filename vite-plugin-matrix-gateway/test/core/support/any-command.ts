/** Commands of few connections, names and nodes, so that they meet each other often. */
import fc from "fast-check";
import type { Grant } from "../../../src/core/protocol/grant.ts";
import type { Interest } from "../../../src/core/protocol/message-types.ts";
import { resolveOptions } from "../../../src/core/protocol/options.ts";
import type { Command, NodeId } from "../../../src/core/world/command.ts";
import { worldOptionsOf } from "../../../src/core/world/options.ts";
import { toFrame } from "./frame.ts";

/** So little room that all that commands fill runs over. */
export const LITTLE_ROOM = resolveOptions({
	...{ maxSessionBytes: 2_000, maxLogBytes: 3_000, maxDetachedSessions: 2 },
	...{ maxRetainedMessages: 4, maxRetainedBytes: 2_000, resumeWindow: 1_000 },
});

/** What another node may bring. */
const LESS_ROOM = worldOptionsOf({
	...LITTLE_ROOM,
	...{ maxLogBytes: 1_000, maxRetainedMessages: 2, maxDetachedSessions: 1 },
});

/** A command, and the node that it is of. */
export interface Ordered {
	readonly command: Command;
	readonly node: NodeId;
}

const conn = fc.constantFrom("c0", "c1", "c2", "c3", "c4", "c5");
const node = fc.constantFrom("n0", "n1", "n2");
const name = fc.constantFrom("a", "b", "c");
const frame = fc
	.tuple(fc.nat(999), fc.nat(30))
	.map(([n, size]) => toFrame(`{"n":${n},"pad":"${"x".repeat(10 * size)}"}`));
const answer = fc.boolean();
const key = fc.constantFrom("k0", "k1");
const grant = fc.constantFrom<Grant[]>(
	...[{}, {}, { key: "k0" }, { key: "k1", expires: 5 }],
	...[{ key: "k0", agents: ["a", "b"] }, { subscribe: ["bark"] }],
	...[{ key: "k0", subscribe: ["scene_*"] }, { subscribe: [] }],
);
const interest = fc.constantFrom<Interest[]>(
	...[{}, { types: ["bark"] }, { types: ["scene_*", "wave"] }],
	...[{ from: ["a"] }, { types: ["bark"], from: ["b", "c"] }],
);
const optionalInterest = fc.option(interest, { nil: undefined, freq: 2 });
const seen = fc.constant({ received: 1, sent: 2, lastMessageAt: 3 });
const totals = {
	...{ received: 1, errors: 2, limited: 6 },
	...{ pruned: 3, tooSlow: 4, failed: 5 },
};
const report = fc.option(
	fc.record({
		...{ connections: fc.nat(9), viewers: fc.nat(9) },
		...{ totals: fc.constant(totals), seen: fc.array(fc.tuple(conn, seen)) },
	}),
	{ nil: undefined },
);
const received = fc.nat(12);

const retain = fc.option(
	fc.record({
		action: fc.constantFrom("set", "append", "clear", "clear-all"),
		key: fc.constantFrom("scene/", "scene/1", "scene/2", "state"),
		scope: fc.constantFrom("world", "agent"),
		named: fc.option(name, { nil: undefined }),
		isExplicit: fc.boolean(),
	}),
	{ nil: undefined },
);

const senderRule = {
	needsAgent: fc.constantFrom(false, false, true, undefined),
	speaksFor: fc.constantFrom(undefined, undefined, ["a"], ["b", "c"]),
	messageType: fc.constantFrom("bark", "wave", "scene_add", undefined),
};

/** The number takes the place of what is drawn once: a session's id, or which one is meant. */
const session = (n: number) => ({ id: `s${n}`, digest: `digest ${n}` });

const any = {
	publish: fc.record({
		...{ conn, frame, echo: fc.boolean(), retain, answer },
		...senderRule,
	}),
	send: fc.record({
		...senderRule,
		...{ conn, target: name, frame, answer },
		receipt: fc.option(fc.constantFrom("r1", "r2"), { nil: undefined }),
		isMirrored: fc.boolean(),
	}),
	refuse: fc.record({
		...{ conn, frame: fc.option(frame, { nil: undefined }) },
		...{ isCounted: fc.boolean(), isLast: fc.boolean() },
	}),
	join: fc.record({
		...{ conn, agentId: name, grant, at: fc.nat(9), answer },
		role: fc.constantFrom("agent", "browser"),
		isNewcomer: fc.boolean(),
		...{ subscribe: optionalInterest, interest: optionalInterest },
		session: fc.boolean(),
		resume: fc.option(
			fc.record({ of: fc.nat(99), received, retained: fc.boolean() }),
			{ nil: undefined },
		),
	}),
	leave: fc.record({ conn, agentId: name, answer }),
	detach: fc.record({
		conn,
		code: fc.constantFrom(1000, 1006, 1006, 4101, 4203),
		reason: fc.constant("closed"),
		seen,
	}),
	subscribe: fc.record({ conn, interest, answer }),
	ping: fc.record({ conn, received: fc.option(received, { nil: undefined }) }),
	renew: fc.record({ conn, grant, answer }),
	regrant: fc.record({
		key,
		grant: fc.option(grant, { nil: undefined }),
		isForWorld: fc.boolean(),
	}),
	revoke: fc.record({ key }),
	disconnect: fc.oneof(
		fc.record({ conn, agentId: fc.constant(undefined) }),
		fc.record({ conn: fc.constant(undefined), agentId: name }),
	),
	tick: fc.record({
		...{ ms: fc.nat(700), report },
		at: fc.option(fc.nat(9), { nil: undefined }),
	}),
	up: fc.record({
		options: fc.constantFrom(undefined, LESS_ROOM, worldOptionsOf(LITTLE_ROOM)),
		replaces: fc.constantFrom(undefined, "all", ["n0"], ["n1", "n2"]),
	}),
	drain: fc.record({ frame, isFinal: fc.boolean() }),
	down: fc.record({}),
	gone: fc.record({ node, seen: fc.constantFrom(-1, 0) }),
	epoch: fc.record({}),
};

const WEIGHTS = {
	...{ publish: 6, send: 8, refuse: 1, join: 8, leave: 1, detach: 4 },
	...{ ping: 2, tick: 2, up: 1, drain: 0.3, down: 0.3, gone: 0.3 },
	epoch: 0.3,
	...{ subscribe: 2, renew: 1, regrant: 0.5, revoke: 0.3, disconnect: 0.5 },
} satisfies Record<Command["type"], number>;

const anyCommand = fc.oneof(
	...Object.entries(any).map(([type, fields]) => ({
		weight: 10 * WEIGHTS[type as Command["type"]],
		arbitrary: (fields as fc.Arbitrary<object>).map((drawn) => ({
			type,
			...drawn,
		})),
	})),
);

type Drawn = { type: string; session?: boolean; resume?: { of: number } };

/** Commands in an order, in which each session is begun once and most resumes are of one there was. */
export const anyOrder: fc.Arbitrary<Ordered[]> = fc
	.array(fc.record({ command: anyCommand, node }), {
		...{ minLength: 20, maxLength: 120, size: "max" },
	})
	.map((drawn) => {
		let begun = 0;
		return drawn.map(({ command, node }) => {
			const { session: isNew, resume, ...rest } = command as Drawn;
			if (rest.type !== "join") return { command: rest as Command, node };
			const claim = resume && {
				...resume,
				...session(begun > 0 ? resume.of % begun : 0),
			};
			const fresh = isNew || claim ? session(begun++) : undefined;
			const join = { ...rest, session: fresh, resume: claim };
			return { command: join as unknown as Command, node };
		});
	});
