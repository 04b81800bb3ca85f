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

it("logs who was refused and why, with what to do about it", () => {
	const refused = {
		status: 403,
		reason: "origin not allowed",
		origin: "http://page.example",
		remoteAddress: undefined,
		host: "gateway.example",
	};
	const line = lineOf((log) => logRefused(log, refused));
	expect(line).toMatchObject({
		level: 40,
		event: "refused",
		status: 403,
		reason: "origin not allowed",
		origin: "http://page.example",
		host: "gateway.example",
		hint: expect.stringContaining("--allowed-origin"),
	});
	expect(line).not.toHaveProperty("err");
});

it("logs an error that an upgrade met with", () => {
	const refused = {
		status: 503,
		reason: "unexpected error, try again",
		origin: undefined,
		remoteAddress: "127.0.0.1",
		host: undefined,
		error: new Error("a bug"),
	};
	const line = lineOf((log) => logRefused(log, refused));
	expect(line.err).toMatchObject({ message: "a bug" });
	expect(line).not.toHaveProperty("error");
});

function lineOf(write: (log: Logger) => void): Record<string, unknown> {
	const lines: string[] = [];
	write(pino({}, { write: (line) => lines.push(line) }));
	expect(lines).toHaveLength(1);
	return JSON.parse(lines.join());
}
