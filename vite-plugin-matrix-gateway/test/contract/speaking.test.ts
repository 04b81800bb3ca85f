/** The options that say who may have what routed. */
import { describe, expect, test } from "vitest";
import { useGateway } from "../support/gateway.ts";
import { HOSTS } from "../support/hosts.ts";

const FORBIDDEN = { code: "forbidden" };

describe.each(HOSTS)("viewers and speakAs on $name", (host) => {
	const gateway = useGateway(host, {
		...{ viewers: ["wave", "visitor_*"], speakAs: "registered" },
		retain: "matrix",
	});

	test("REG4 a viewer has these types routed, and no others", async () => {
		const timmy = await gateway.agent("timmy");
		const viewer = await gateway.viewer();
		for (const type of ["bark", "scene_clear", "wave", "visitor_message"])
			viewer.send({ type });
		expect(await viewer.next("gateway_error")).toMatchObject(FORBIDDEN);
		expect(await viewer.next("gateway_error")).toMatchObject(FORBIDDEN);
		await viewer.expectNothing();
		await timmy.next("wave");
		await timmy.next("visitor_message");
		await timmy.expectNothing();
	});

	test("RT8 nobody speaks in another's name", async () => {
		const timmy = await gateway.agent("timmy");
		const viewer = await gateway.viewer();
		const ada = await gateway.agent("ada");
		await timmy.next("agent_joined");
		await viewer.next("agent_joined");
		for (const client of [viewer, ada]) {
			client.send({ type: "wave", agentId: "timmy" });
			expect(await client.next("gateway_error")).toMatchObject(FORBIDDEN);
		}
		ada.send({ type: "wave", agentId: "ada" });
		for (const client of [timmy, viewer])
			expect(await client.next("wave")).toMatchObject({ agentId: "ada" });
	});
});
