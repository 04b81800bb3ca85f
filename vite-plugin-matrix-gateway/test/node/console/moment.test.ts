/** What of a recording the console takes. */
import { expect, test } from "vitest";
import { readMoment } from "../../../console/src/time/moment.ts";

const at = "2026-01-01T00:00:00.000Z";
const ada = { agentId: "ada", role: "agent" };

test.each([
	{ what: "message" },
	{ what: "message", text: { type: "bark" } },
	{ what: "message", text: '{"type":"bark"}', from: { a: 1 } },
	{ what: "here" },
	{ what: "here", agents: [null] },
	{ what: "joined" },
	{ what: "joined", agentId: { a: 1 }, role: "agent" },
	{ what: "joined", agentId: "ada", role: { a: 1 } },
	{ what: "left" },
	{ what: "missed", reason: { a: 1 } },
	null,
])("%j is no moment", (line) => {
	expect(readMoment(JSON.stringify(line && { at, ...line }))).toBeUndefined();
});

test.each([
	{ what: "message", text: '{"type":"bark"}', from: "ada", to: "bob" },
	{ what: "here", agents: [ada] },
	{ what: "joined", ...ada },
	{ what: "left", ...ada, reason: "closed" },
	{ what: "missed", reason: "gone" },
])("%j is one", (line) => {
	const read = readMoment(JSON.stringify({ at, ...line }));
	expect(read).toEqual({ ...line, at: Date.parse(at) });
});

test("what was retained is in lines of its own", () => {
	const line = { at, what: "here", agents: [ada], retained: 7 };
	expect(readMoment(JSON.stringify(line))).not.toHaveProperty("retained");
});
