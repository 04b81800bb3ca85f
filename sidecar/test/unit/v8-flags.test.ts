import { execFileSync } from "node:child_process";
import { setFlagsFromString } from "node:v8";
import { expect, it, vi } from "vitest";

vi.mock("node:v8", () => ({ setFlagsFromString: vi.fn() }));

// V8 complains of others on standard error, in words that are no line of the log.
it("sets flags that this Node's V8 knows", async () => {
	// Another file of this process may have loaded it, with the real one.
	vi.resetModules();
	const { tuneV8 } = await import("../../src/v8-flags.ts");
	tuneV8();
	const known = execFileSync(process.execPath, ["--v8-options"]).toString();
	const flags = vi.mocked(setFlagsFromString).mock.calls.flat();
	expect(flags).not.toEqual([]);
	for (const flag of flags) {
		const name = flag.split("=")[0];
		expect(known).toMatch(new RegExp(`^ *${name} `, "m"));
	}
});
