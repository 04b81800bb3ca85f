import { utimes } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { connectAgent } from "../agent.ts";
import {
	drawNothing,
	expect,
	expectConnection,
	openWorld,
	settled,
	snapshot,
	test,
} from "../fixtures.ts";

test.beforeEach(({ context }) => drawNothing(context));

test("a page comes back after the host was restarted, with a roster that is true", async ({
	page,
	start,
	hostKind,
}) => {
	const first = await start();
	await openWorld(page, first.url);
	const ghost = await connectAgent(first.gatewayUrl, "ghost");
	await expect(page.getByTestId("roster")).toContainText("ghost");
	await first.stop();
	expect(await ghost.closed).toBe(1001);
	await expect(page.getByTestId("connection")).not.toHaveAttribute(
		"data-status",
		"online",
	);
	const back = settled(page, hostKind);
	const second = await start({ port: first.port });
	const timmy = await connectAgent(second.gatewayUrl, "timmy");
	await back;
	await expect
		.poll(async () => (await snapshot(page)).roster)
		.toEqual([{ agentId: "timmy", role: "agent" }]);
	await timmy.close();
});

test("a touched config restarts the gateway with 1012, and everyone comes back", {
	tag: "@dev",
}, async ({ page, host }) => {
	await openWorld(page, host.url);
	const timmy = await connectAgent(host.gatewayUrl, "timmy");
	const config = fileURLToPath(
		new URL("../../playground/vite.config.ts", import.meta.url),
	);
	await utimes(config, new Date(), new Date());
	expect(await timmy.next("gateway_shutdown")).toMatchObject({
		reason: "restart",
	});
	expect(await timmy.closed).toBe(1012);
	await expect.poll(() => host.output()).toContain("server restarted");
	const again = await connectAgent(host.gatewayUrl, "timmy");
	await expect(page.getByTestId("roster")).toContainText("timmy");
	await expectConnection(page, "online");
	await again.close();
});
