import { describe, expect, test } from "vitest";
import { connect, statusOf } from "../support/client.ts";
import { textFrame } from "../support/frames.ts";
import { HOSTS } from "../support/hosts.ts";
import { MESSAGE_HOSTS } from "../support/message-hosts.ts";
import { upgradeRaw } from "../support/peer.ts";

describe.each(MESSAGE_HOSTS)("shutdown of $name", (host) => {
	test("everyone is told, gets what waits, and is closed with 1001 [SH1, SH2, PR3]", async () => {
		const running = await host.start();
		const timmy = await running.connect();
		await timmy.register("timmy");
		const page = await running.connect();
		await page.register("page", "browser");
		await timmy.next("agent_joined");
		const silent = await running.connect();
		await timmy.expectNothing();
		timmy.send({ type: "bark", text: "the last words" });
		await page.next("bark");
		const stopped = running.stop();
		for (const client of [timmy, page, silent]) {
			expect(await client.skipTo("gateway_shutdown")).toEqual({
				type: "gateway_shutdown",
				reason: "shutdown",
				reconnectAfter: 1,
			});
			// No presence either: everyone leaves at once.
			expect(await client.expectClosed()).toEqual({
				code: 1001,
				reason: "gateway shutting down",
			});
		}
		await stopped;
		await expect(running.connect()).rejects.toThrow(/ECONNREFUSED|HTTP 503/);
	});
});

describe.each(HOSTS)("the end of $name", (host) => {
	test("it listens no more, and ends with 0 where it is a process [SH1]", async () => {
		const running = await host.start();
		await (await connect(running.url)).register("timmy");
		expect(await running.stop()).toBe(host.isVite ? undefined : 0);
		await expect(connect(running.url)).rejects.toThrow("ECONNREFUSED");
	});

	test("one who does not answer holds it up for a bounded time, and newcomers get 503 [SH1, SH2]", async () => {
		const running = await host.start();
		const deaf = await upgradeRaw(running.url);
		deaf.socket.write(textFrame({ type: "agent_register", agentId: "deaf" }));
		await deaf.nextMessage("agent_registered");
		await deaf.nextMessage("agent_joined");
		const start = performance.now();
		const stopped = running.stop();
		await deaf.nextMessage("gateway_shutdown");
		expect(await statusOf(running.url)).toBe(503);
		const ready = await fetch(`${running.httpUrl}/readyz`);
		expect(ready.status).toBe(503);
		const alive = await fetch(`${running.httpUrl}/healthz`);
		expect(alive.status).toBe(200);
		expect(await deaf.closeCode()).toBe(1001);
		await deaf.hungUp;
		expect(await stopped).toBe(host.isVite ? undefined : 0);
		expect(performance.now() - start).toBeLessThan(9_000);
	});
});
