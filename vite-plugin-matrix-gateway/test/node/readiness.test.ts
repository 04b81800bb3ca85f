import { expect, test } from "vitest";
import { createHttpApp } from "../../src/node/http.ts";
import { createKeptLog } from "../core/support/kept-log.ts";
import { startProcess } from "../core/support/process.ts";

test("HTTP2 a gateway whose order fares badly is ready, and says so without the reason", async () => {
	const log = createKeptLog();
	const { gateway } = startProcess(log.createOrder);
	const app = createHttpApp(gateway);
	const ask = async () => {
		const response = await app.fetch(new Request("http://localhost/readyz"));
		return [response.status, await response.json()];
	};
	expect(await ask()).toEqual([200, { status: "ok" }]);
	log.health = { state: "degraded", reason: "The disk is full." };
	expect(await ask()).toEqual([200, { status: "degraded" }]);
	void gateway.close();
	expect(await ask()).toEqual([503, { status: "draining" }]);
});
