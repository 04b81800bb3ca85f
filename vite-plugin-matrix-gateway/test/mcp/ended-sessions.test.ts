/** Which sessions have ended, by themselves. */
import { expect, test } from "vitest";
import { createSessions } from "../../src/mcp/sessions.ts";

test("MCP2 an ended session does not come back by the end of others that never were", () => {
	const sessions = createSessions();
	sessions.touch("a", "mine");
	sessions.end("a", "mine");
	for (let index = 0; index < 1_001; index++) sessions.end("a", `${index}`);
	expect(sessions.hasEnded("a", "mine")).toBe(true);
	expect(sessions.hasEnded("a", "0")).toBe(false);
});

test("MCP2 nor by those of another credential", () => {
	const sessions = createSessions();
	sessions.touch("a", "mine");
	sessions.end("a", "mine");
	for (let index = 0; index < 1_001; index++) {
		sessions.touch("b", `${index}`);
		sessions.end("b", `${index}`);
	}
	expect(sessions.hasEnded("a", "mine")).toBe(true);
	expect(sessions.hasEnded("b", "mine")).toBe(false);
	expect(sessions.hasEnded("b", "0")).toBe(false);
	expect(sessions.hasEnded("b", "1")).toBe(true);
});

test("MCP2 what ended is the session's end, however old it is and however many live", () => {
	const sessions = createSessions();
	sessions.touch("a", "mine");
	for (let index = 0; index < 999; index++) sessions.touch("a", `${index}`);
	sessions.touch("a", "mine");
	for (let index = 999; index < 1_998; index++) sessions.touch("a", `${index}`);
	sessions.end("a", "mine");
	expect(sessions.hasEnded("a", "mine")).toBe(true);
});
