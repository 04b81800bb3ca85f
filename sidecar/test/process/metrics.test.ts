/** `/metrics` of the sidecar, at its own port and at one of its own. */
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { connect } from "../../../vite-plugin-matrix-gateway/test/support/client.ts";
import { run, startSidecar } from "../support/sidecar.ts";

const TOKEN = "s3cret";

it("MET1 asks for the token at the gateway's port, and for none at the one of the metrics", async () => {
	const sidecar = await startSidecar(["--metrics-port=0"], {
		env: { MATRIX_GATEWAY_TOKEN: TOKEN },
	});
	const { httpUrl, wsUrl } = sidecar;
	const { url } = (await sidecar.logged("metrics")) as { url: string };
	expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
	const headers = { authorization: `Bearer ${TOKEN}` };
	const client = await connect(`${wsUrl}/ws/matrix`, { headers });
	await client.register("timmy-of-the-meadow");
	const stranger = await connect(`${wsUrl}/ws/matrix`);
	expect(await stranger.closed).toMatchObject({ code: 4001 });

	expect((await fetch(`${httpUrl}/metrics`)).status).toBe(401);
	for (const answer of [
		await fetch(`${httpUrl}/metrics`, { headers }),
		await fetch(url),
	]) {
		expect(answer.status).toBe(200);
		expect(answer.headers.get("content-type")).toMatch(/^text\/plain; version/);
		const text = await answer.text();
		expect(text).toMatch(/_connections\{world="default",state="agent"\} 1\n/);
		expect(text).toContain('_refused_total{status="4001"} 1\n');
		expect(text).not.toMatch(/timmy|s3cret/);
	}
	const elsewhere = new URL("/api/gateway/status", url);
	expect((await fetch(elsewhere)).status).toBe(404);
	expect((await fetch(url, { method: "POST" })).status).toBe(405);
	expect(await sidecar.child.exit("SIGTERM")).toBe(0);
});

it("MET1 is open where no token is asked for", async () => {
	const { httpUrl } = await startSidecar();
	expect((await fetch(`${httpUrl}/metrics`)).status).toBe(200);
});

it("says which flag is at fault where the port of the metrics is taken", async () => {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as { port: number };
	const child = run(["--port=0", `--metrics-port=${port}`]);
	expect(await child.exit()).toBe(1);
	expect(child.logs()).toMatch(
		new RegExp(`matrix-gateway: --metrics-port: port ${port} on 127.0.0.1 is`),
	);
	server.close();
});
