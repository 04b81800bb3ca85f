import { describe, expect, test } from "vitest";
import { createGateway } from "../../src/core/gateway.ts";
import type { GatewayOptions } from "../../src/core/protocol/options.ts";
import {
	CLOSE,
	isReserved,
	retryClass,
} from "../../src/core/protocol/protocol.ts";
import { createFakeHost } from "./support/host.ts";

/** Each with the rule that it is part of. */
const AMOUNTS = [
	["HB1", "heartbeatInterval"],
	["REG4", "registerTimeout"],
	["CON5", "maxPayload"],
	["SLOW1", "maxBufferedBytes"],
	["SLOW4", "maxSnapshotBytes"],
	["CON9", "maxUnfinishedBytes"],
	["SLOW2", "stallTimeout"],
	["SLOW3", "closeTimeout"],
	["RT5", "flushWindow"],
	["LOG2", "maxLogBytes"],
	["RES2", "maxSessionBytes"],
	["RES3", "resumeWindow"],
	["RES4", "maxDetachedSessions"],
	["RET4", "maxRetainedMessages"],
	["RET4", "maxRetainedBytes"],
] as const;

const WRONG: readonly unknown[] = [
	-1,
	Number.NaN,
	Number.POSITIVE_INFINITY,
	Number.NEGATIVE_INFINITY,
	"30000",
	true,
	{},
	// A timer of more milliseconds than this fires at once.
	2 ** 31,
];

describe("options", () => {
	test.each(
		AMOUNTS.flatMap((amount) =>
			WRONG.map((value) => [...amount, value] as const),
		),
	)(
		"%s %s: %s is out of range, and the error names the option",
		(_, name, value) => {
			const options = { [name]: value } as GatewayOptions;
			const create = () => createGateway(createFakeHost(), options);
			expect(create).toThrow(RangeError);
			expect(create).toThrow(new RegExp(`^${name} `));
		},
	);

	test.each(AMOUNTS)(
		"%s %s may be at its least, left out, or undefined",
		(_, name) => {
			const least = name === "maxPayload" ? 1 : 0;
			for (const value of [least, 1.5, 2 ** 31 - 1, undefined]) {
				const options = { [name]: value } as GatewayOptions;
				expect(() => createGateway(createFakeHost(), options)).not.toThrow();
			}
		},
	);
});

describe("close codes", () => {
	test.each([
		[1000, "reconnect"],
		[1001, "reconnect"],
		[1002, "stop"],
		[1003, "stop"],
		[1005, "reconnect"],
		[1006, "reconnect"],
		[1007, "stop"],
		[1008, "reconnect"],
		[1009, "stop"],
		[1011, "reconnect"],
		[1012, "reconnect"],
		[3999, "reconnect"],
		[4000, "stop"],
		[4099, "stop"],
		[4100, "refresh"],
		[4199, "refresh"],
		[4200, "reconnect"],
		[4299, "reconnect"],
		[4300, "reconnect"],
		[4999, "reconnect"],
	] as const)("CL2 %i means %s", (code, expected) => {
		expect(retryClass(code)).toBe(expected);
	});

	test("CL1 each code is declared once, with a reason that fits a close frame", () => {
		const statuses = Object.values(CLOSE);
		const codes = statuses.map(({ code }) => code);
		expect(new Set(codes).size).toBe(codes.length);
		for (const { reason } of statuses) {
			expect(reason).not.toBe("");
			expect(new TextEncoder().encode(reason).length).toBeLessThanOrEqual(123);
		}
	});
});

describe("protocol", () => {
	test("RT6 what the gateway itself says is reserved", () => {
		for (const type of ["agent_registered", "gateway_hello", "pong"])
			expect(isReserved(type)).toBe(true);
		for (const type of ["bark", "agent_state", "gateway", "agent_"])
			expect(isReserved(type)).toBe(false);
	});
});
