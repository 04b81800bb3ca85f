import { expect, it } from "vitest";
import { connect } from "../../../vite-plugin-matrix-gateway/test/support/client.ts";
import { textFrame } from "../../../vite-plugin-matrix-gateway/test/support/frames.ts";
import { upgradeRaw } from "../../../vite-plugin-matrix-gateway/test/support/peer.ts";
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

it("tells everyone to come back before it ends by what nobody caught", async () => {
	const { child, wsUrl } = await startSidecar([], withBug(`() => { throw 1 }`));
	const client = await connect(`${wsUrl}/ws/matrix`);
	await client.register("timmy");
	const exit = child.exit("SIGUSR2");
	expect(await client.next()).toMatchObject({
		type: "gateway_shutdown",
		reason: "restart",
	});
	expect(await client.expectClosed()).toMatchObject({ code: 1012 });
	expect(await exit).toBe(1);
});

it("ends at once by a second one, whoever has not answered yet", async () => {
	const { child, wsUrl, logged } = await startSidecar(
		[],
		withBug(`() => { throw 1 }`),
	);
	const deaf = await upgradeRaw(`${wsUrl}/ws/matrix`);
	deaf.socket.write(textFrame({ type: "agent_register", agentId: "deaf" }));
	await deaf.nextMessage("agent_registered");
	child.process.kill("SIGUSR2");
	await logged("bug");
	const start = performance.now();
	expect(await child.exit("SIGUSR2")).toBe(1);
	expect(performance.now() - start).toBeLessThan(900);
});
