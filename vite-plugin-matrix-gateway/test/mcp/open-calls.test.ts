/** The calls that are being done, by themselves. */
import { expect, test } from "vitest";
import { createCalls } from "../../src/mcp/calls.ts";

const agent = { credential: "a", scope: "ada", isSession: false };
const session = { credential: "a", scope: "s", isSession: true };

test("MCP2 one credential has 32, over all of its sessions, and others have room", () => {
	const calls = createCalls();
	const begun = Array.from({ length: 32 }, (_, id) =>
		calls.begin({ ...session, scope: `${id % 3}` }, id),
	);
	expect(() => calls.begin(agent, 99)).toThrow("Too many calls");
	const other = calls.begin({ ...agent, credential: "b" }, 99);
	begun[0]?.end();
	begun[0]?.end();
	calls.begin(agent, 99);
	expect(() => calls.begin(agent, 100)).toThrow("Too many calls");
	other.end();
});

test("MCP2 there are 500 of all", () => {
	const calls = createCalls();
	for (let index = 0; index < 500; index++)
		calls.begin({ ...agent, credential: `${index % 20}` }, index);
	expect(() => calls.begin({ ...agent, credential: "new" }, 1)).toThrow(
		"Too many calls",
	);
});

test("MCP2 without a session an id may be another client's as well: each counts, and a cancel ends all", () => {
	const calls = createCalls();
	const [one, two] = [calls.begin(agent, 1), calls.begin(agent, 1)];
	const others = [
		calls.begin(agent, "1"),
		calls.begin({ ...agent, scope: "eve" }, 1),
		calls.begin({ ...agent, credential: "b" }, 1),
	];
	expect(calls.isOpen(agent, 1)).toBe(false);
	calls.cancel(agent, 1);
	expect([one, two].map(({ signal }) => signal.aborted)).toEqual([true, true]);
	expect(others.map(({ signal }) => signal.aborted)).toEqual(
		Array(3).fill(false),
	);
});

test("MCP2 in a session an id is one call's until that has ended", () => {
	const calls = createCalls();
	const call = calls.begin(session, 1);
	expect(calls.isOpen(session, 1)).toBe(true);
	expect(calls.isOpen(session, "1")).toBe(false);
	expect(() => calls.begin(session, 1)).toThrow("id");
	call.end();
	expect(calls.isOpen(session, 1)).toBe(false);
	calls.begin(session, 1);
});
