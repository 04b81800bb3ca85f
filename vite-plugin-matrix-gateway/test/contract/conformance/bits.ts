/** Reserved bits and opcodes: Autobahn's groups 3 and 4. */
import {
	ANSWER,
	bad,
	type ConformanceCase,
	type ConformanceGroup,
	frame,
	message,
	OPCODE,
	textFrame,
} from "./case.ts";

const TEXT = message("before");
const BEFORE = [ANSWER.text(TEXT)];

/** The three bits as a number, in the first byte of a frame. */
const RESERVED = [1, 2, 3, 4, 5, 6, 7].map(
	(bits) => [bits, bits << 4] as const,
);

const BITS: readonly ConformanceCase[] = RESERVED.flatMap(
	([bits, reserved]) => [
		...Object.entries(OPCODE).map(([name, opcode]) =>
			bad(`3.${bits} on ${name}`, [
				frame({ opcode, reserved, payload: Buffer.from([3, 232]) }),
			]),
		),
		bad(
			`3.${bits} after a good one`,
			[textFrame(TEXT), frame({ reserved, payload: TEXT })],
			undefined,
			BEFORE,
		),
	],
);

const OPCODES: readonly ConformanceCase[] = [
	3, 4, 5, 6, 7, 11, 12, 13, 14, 15,
].flatMap((opcode) => [
	bad(`4 opcode ${opcode}`, [frame({ opcode })]),
	bad(`4 opcode ${opcode} with a payload`, [frame({ opcode, payload: TEXT })]),
	bad(`4 opcode ${opcode}, not final`, [frame({ opcode, final: false })]),
	bad(
		`4 opcode ${opcode} after a good one`,
		[textFrame(TEXT), frame({ opcode })],
		undefined,
		BEFORE,
	),
]);

export const BITS_AND_OPCODES: readonly ConformanceGroup[] = [
	{ name: "3 reserved bits", cases: BITS },
	{ name: "4 opcodes", cases: OPCODES },
];
