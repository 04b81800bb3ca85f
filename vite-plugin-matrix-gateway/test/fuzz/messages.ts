/** Messages of a stranger: some right, most nearly so, some nothing of the kind. */
import type { Random } from "../chaos/random.ts";

/** Makes the next one. `sessions` are secrets that it may have from earlier answers. */
export function anyMessage(
	random: Random,
	sessions: readonly string[],
): Buffer {
	const kind = random.between(0, 10);
	if (kind === 0) return anyBytes(random, 200);
	const text = Buffer.from(JSON.stringify(anyFields(random, sessions)));
	return kind < 5 ? damage(random, text) : text;
}

export function anyBytes(random: Random, most: number): Buffer {
	return Buffer.from(
		Array.from({ length: random.between(0, most) }, () =>
			random.between(0, 256),
		),
	);
}

/** Bytes with a few of them other ones, left out, doubled, or swapped for something odd. */
export function damage(random: Random, bytes: Buffer): Buffer {
	let damaged = bytes;
	for (let times = random.between(1, 4); times > 0; times--) {
		const at = random.between(0, damaged.length + 1);
		const end = random.between(at, damaged.length + 1);
		const [before, cut, after] = [
			damaged.subarray(0, at),
			damaged.subarray(at, end),
			damaged.subarray(end),
		];
		damaged = random.pick([
			() => Buffer.concat([before, after]),
			() => Buffer.concat([before, cut, cut, after]),
			() => Buffer.concat([before, anyBytes(random, 4), damaged.subarray(at)]),
			() => Buffer.concat([before, Buffer.from(random.pick(ODD)), after]),
			() => before,
		])();
	}
	return damaged.subarray(0, MOST);
}

/** Doubling what was doubled is not to fill the memory. */
const MOST = 60_000;

const ODD = [
	'"',
	"\\",
	"\\u0000",
	"\\ud800",
	"\\u",
	"{",
	"}",
	"[",
	"]",
	",",
	":",
	"\0",
	"\x7f",
	"1e999",
	"-0",
	"null",
	"true",
	"\ufeff",
	"\u2028",
	"\u202e",
	"\u{1f980}",
	"[".repeat(70),
	"[".repeat(20_000),
	`${"9".repeat(400)}`,
	'"__proto__":',
	'"type":"ping",',
];

const TYPES = [
	"bark",
	"scene_add",
	"scene_clear",
	"agent_state",
	"ping",
	"pong",
	"agent_register",
	"agent_register",
	"agent_register",
	"agent_unregister",
	"agent_subscribe",
	"agent_joined",
	"gateway_hello",
	"auth_refresh",
	"gateway_",
	"",
	"constructor",
	"x".repeat(300),
];

const NAMES = [
	"a",
	"b",
	"c",
	"stranger",
	"__proto__",
	"toString",
	"",
	" ",
	"é".repeat(64),
	"x".repeat(128),
	"x".repeat(129),
	"a\nb",
	"\u202eevil",
	"\ud800",
	"\u{1f980}",
];

const KEYS = [
	"k",
	"scene/",
	"scene/a",
	"/",
	"",
	"x".repeat(256),
	"x".repeat(257),
	"__proto__",
];

function anyFields(random: Random, sessions: readonly string[]): object {
	const name = () => random.pick<unknown>([...NAMES, ...NAMES, ...SCALARS]);
	const makers: Readonly<Record<string, () => unknown>> = {
		agentId: name,
		agent_id: name,
		role: name,
		target_id: name,
		receipt: name,
		received: () => anyNumber(random),
		resume: () => anyResume(random, sessions),
		retain: () => anyRetain(random),
		subscribe: () => anySubscribe(random),
		token: name,
		text: () => "word ".repeat(random.between(0, 50)),
		nested: () => anyNested(random, 4),
	};
	const fields: Record<string, unknown> = { type: random.pick(TYPES) };
	for (const [key, make] of Object.entries(makers))
		if (random.between(0, 3) === 0) fields[key] = make();
	// A registration that says whom, more often than not.
	if (fields.type === "agent_register") fields.agentId ??= random.pick(NAMES);
	return fields;
}

const SCALARS: readonly unknown[] = [
	null,
	true,
	false,
	0,
	-1,
	1.5,
	[],
	{},
	["a"],
	{ toString: 1 },
];

function anyNumber(random: Random): unknown {
	return random.pick<unknown>([
		...[0, 1, random.between(0, 100), -1, 1.5, 1e308, 2 ** 53, "1"],
		...SCALARS,
	]);
}

function anyResume(random: Random, sessions: readonly string[]): unknown {
	if (random.between(0, 2) === 0)
		return random.pick<unknown>([true, ...SCALARS]);
	return {
		session: random.pick<unknown>([
			...sessions,
			"x",
			"",
			"a.b",
			"x".repeat(300),
			7,
		]),
		received: anyNumber(random),
		retained: random.pick<unknown>([true, false, undefined, 1]),
	};
}

function anySubscribe(random: Random): unknown {
	const list = () =>
		random.pick<unknown>([
			...[[random.pick(TYPES)], ["scene_*", "*"], ["x".repeat(200)]],
			...[Array(200).fill("a"), ...SCALARS],
		]);
	return random.pick<unknown>([
		...[{ types: list() }, { types: list(), from: list() }],
		...[{ from: [random.pick(NAMES)] }, ...SCALARS],
	]);
}

function anyRetain(random: Random): unknown {
	const some = <T>(value: T) => (random.between(0, 2) ? value : undefined);
	return random.pick<unknown>([
		...SCALARS,
		{
			key: random.pick(KEYS),
			append: some(true),
			scope: some(random.pick(["agent", "world", "x"])),
		},
		{ clear: random.pick(KEYS), scope: some("agent") },
	]);
}

function anyNested(random: Random, depth: number): unknown {
	if (depth === 0 || random.between(0, 3) === 0)
		return random.pick<unknown>([...SCALARS, ...NAMES]);
	const parts = Array.from({ length: random.between(0, 4) }, () =>
		anyNested(random, depth - 1),
	);
	return random.between(0, 2)
		? parts
		: Object.fromEntries(parts.map((part) => [random.pick(NAMES), part]));
}
