import { expect, it } from "vitest";
import { startSidecar } from "../support/sidecar.ts";

/** Runs inside the process, so that it has a bug when the test asks for one. */
function withBug(code: string): { env: Record<string, string> } {
	const script = `process.on("SIGUSR2", ${code})`;
	const url = `data:text/javascript,${encodeURIComponent(script)}`;
	return { env: { NODE_OPTIONS: `--import=${url}`, OFFERED: "s3cret" } };
}

const BROKEN_URL = 'new URL("//?token=" + process.env.OFFERED)';

it.each([
	["an exception", `() => { ${BROKEN_URL} }`, "Invalid URL"],
	["a rejection", `async () => { ${BROKEN_URL} }`, "Invalid URL"],
	["what is no error", "() => { throw null }", "null"],
])(
	"logs %s that nobody caught, and ends with 1",
	async (_what, code, message) => {
		const { child, logged } = await startSidecar([], withBug(code));
		expect(await child.exit("SIGUSR2")).toBe(1);
		expect(await logged("bug")).toMatchObject({
			level: "fatal",
			err: { message },
		});
		expect(child.logs()).not.toContain("s3cret");
	},
);
