import { type Logger, pino } from "pino";
import { afterEach, expect, it, vi } from "vitest";
import {
	createTimestamp,
	describeError,
	logEvent,
	logRefused,
} from "../../src/logging.ts";

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
		requestId: "x-1",
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
		requestId: "x-1",
		remoteAddress: "127.0.0.1",
		host: undefined,
		error: new Error("a bug"),
	};
	const line = lineOf((log) => logRefused(log, refused));
	expect(line.err).toMatchObject({ message: "a bug" });
	expect(line).not.toHaveProperty("error");
});

it("ERR3 logs an error of the gateway's own as one, with its stack", () => {
	const error = new Error("a bug");
	const event = { event: "failed", connectionId: "c1", error } as const;
	const line = lineOf((log) => logEvent(log, event));
	expect(line).toMatchObject({
		level: 50,
		event: "failed",
		connectionId: "c1",
		err: { message: "a bug", stack: expect.stringContaining("logging.test") },
	});
	expect(line).not.toHaveProperty("error");
});

it.each<[string, () => unknown]>([
	["a payload that is no JSON", () => JSON.parse("s3cret")],
	["one of several lines", () => JSON.parse('{"a":1}\n"s3cret" \n"s3cret" x')],
	["a long one", () => JSON.parse(`{"a":"${"s3cret ".repeat(50)}`)],
	["a value of another type", () => Buffer.alloc("s3cret's" as never)],
	["a URL with its token", () => new URL("http:///?token=s3cret&a=b")],
	["a text with a token", () => thrown("GET http://a.b/c?d=1&token=s3cret)")],
	["what is no error", () => thrown("?token=s3cret")],
])("ERR3 HTTP5 logs of %s nothing that is secret", (_what, fail) => {
	let caught: unknown;
	try {
		fail();
	} catch (error) {
		caught = error;
	}
	const text = JSON.stringify(describeError(caught));
	expect(text).toContain('"message":"');
	expect(text).not.toContain("s3cret");
});

function thrown(text: string): never {
	if (text.startsWith("?")) throw text;
	throw new Error(text);
}

function lineOf(write: (log: Logger) => void): Record<string, unknown> {
	const lines: string[] = [];
	write(pino({}, { write: (line) => lines.push(line) }));
	expect(lines).toHaveLength(1);
	return JSON.parse(lines.join());
}
