import { describe, expect, test } from "vitest";
import { createGateway } from "../../src/core/gateway.ts";
import type { GatewayOptions } from "../../src/core/options.ts";
import {
	CLOSE,
	DEFAULTS,
	isReserved,
	retryClass,
} from "../../src/core/protocol.ts";
import { createFakeHost } from "./support/host.ts";

const AMOUNTS = [
	"heartbeatInterval",
	"registerTimeout",
	"maxPayload",
	"maxBufferedBytes",
	"stallTimeout",
	"closeTimeout",
	"flushWindow",
	"maxLogBytes",
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
		AMOUNTS.flatMap((name) => WRONG.map((value) => [name, value] as const)),
	)("%s: %s is out of range, and the error names the option", (name, value) => {
		const options = { [name]: value } as GatewayOptions;
		const create = () => createGateway(createFakeHost(), options);
		expect(create).toThrow(RangeError);
		expect(create).toThrow(new RegExp(`^${name} `));
	});

	test.each(AMOUNTS)(
		"%s may be at its least, left out, or undefined",
		(name) => {
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

	test("CL1 the codes are those that clients know", () => {
		const codes = Object.entries(CLOSE).map(([name, { code }]) => [name, code]);
		expect(Object.fromEntries(codes)).toEqual({
			shutdown: 1001,
			restart: 1012,
			unauthorized: 4001,
			protocolViolation: 4002,
			forbidden: 4003,
			registrationDeadline: 4008,
			replaced: 4009,
			tokenExpired: 4101,
			tooSlow: 4201,
			rateLimit: 4202,
			heartbeatLost: 4203,
		});
	});
});

describe("protocol", () => {
	test("RT6 what the gateway itself says is reserved", () => {
		for (const type of ["agent_registered", "gateway_hello", "pong"])
			expect(isReserved(type)).toBe(true);
		for (const type of ["bark", "agent_state", "gateway", "agent_"])
			expect(isReserved(type)).toBe(false);
	});

	test("the defaults are those of the protocol's text", () => {
		expect(DEFAULTS).toMatchObject({
			port: 8765,
			path: "/ws/matrix",
			role: "agent",
			registerTimeout: 250,
			heartbeatInterval: 30_000,
			maxPayload: 262_144,
			maxAgentsPerConnection: 64,
			maxBufferedBytes: 1_048_576,
			stallTimeout: 10_000,
			closeTimeout: 2_000,
			maxLogBytes: 16_777_216,
			shutdownTimeout: 5_000,
			reconnectAfter: 1_000,
		});
	});
});
