import { type Logger, pino } from "pino";
import { afterEach, expect, it, vi } from "vitest";
import { createTimestamp, logEvent, logRefused } from "../../src/logging.ts";

afterEach(() => void vi.useRealTimers());

it("writes the time as pino's own timestamp does, whatever the clock does", () => {
	vi.useFakeTimers();
	const timestamp = createTimestamp();
	for (const now of [0, 1, 1, 999, 1_700_000_000_000, 1]) {
		vi.setSystemTime(now);
		expect(timestamp()).toBe(pino.stdTimeFunctions.isoTime());
	}
});

it("logs an event on one line, with its fields", () => {
	const event = {
		event: "joined",
		connectionId: "c1",
		agentId: "timmy",
		role: "agent",
	} as const;
	expect(lineOf((log) => logEvent(log, event))).toMatchObject({
		...event,
		level: 30,
		msg: "agent joined",
	});
});

it.each([
	[1001, 30],
	[4201, 40],
])("logs that it closes with %i at level %i", (code, level) => {
	const event = { event: "closing", connectionId: "c1", code, reason: "" };
	expect(lineOf((log) => logEvent(log, event as never))).toMatchObject({
		code,
		level,
	});
});

it.each([
	["https://a.example", "https://a.example"],
	["https://a.example:8/path?token=s3cret#s3cret", "https://a.example:8"],
	["https://s3cret:s3cret@a.example", "https://a.example"],
	["capacitor://localhost", "capacitor://localhost"],
	["null", "null"],
	["\u009b31ms3cret", "malformed"],
])("of the origin %j logs %j", (origin, logged) => {
	expect(lineOf(refusal({ origin }))).toMatchObject({
		event: "refused",
		origin: logged,
	});
});

it("logs an address that a header may have made up without its control characters", () => {
	const remoteAddress = `1.2.3.4\u001b[31m${"x".repeat(1000)}`;
	const { remoteAddress: logged } = lineOf(refusal({ remoteAddress }));
	expect(logged).toMatch(/^1\.2\.3\.4\?\[31mx{0,60}$/);
});

function refusal(fields: { origin?: string; remoteAddress?: string }) {
	const refused = {
		status: 403,
		reason: "origin not allowed",
		origin: undefined,
		remoteAddress: undefined,
		...fields,
	};
	return (log: Logger) => logRefused(log, refused);
}

function lineOf(write: (log: Logger) => void): Record<string, unknown> {
	const lines: string[] = [];
	write(pino({}, { write: (line) => lines.push(line) }));
	expect(lines).toHaveLength(1);
	return JSON.parse(lines.join());
}
