/** The plugin's option `tokens`. */
import { writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createServer, type ViteDevServer } from "vite";
import { expect, onTestFinished, test } from "vitest";
import type { MatrixGatewayOptions } from "../../src/vite/options.ts";
import { connect } from "../support/client.ts";
import { until } from "../support/until.ts";
import { baseConfig, recordLogs } from "../support/vite.ts";

const ENTRIES = [{ name: "timmy", token: "s3cret", agents: ["timmy"] }];

function arrange(entries: unknown, more: MatrixGatewayOptions = {}) {
	const { logger, text } = recordLogs();
	const config = baseConfig(logger, { tokens: "tokens.json", ...more });
	const file = join(`${config.root}`, "tokens.json");
	writeFileSync(file, JSON.stringify(entries));
	return { config, file, text };
}

async function urlOf(server: ViteDevServer): Promise<string> {
	await server.listen();
	const address = server.httpServer?.address() as AddressInfo;
	return `ws://127.0.0.1:${address.port}/ws/matrix`;
}

test("AUTH7 the file is below Vite's root, and what becomes of it is printed", async () => {
	const { config, file, text } = arrange(ENTRIES);
	const server = await createServer(config);
	onTestFinished(() => server.close());
	const client = await connect(`${await urlOf(server)}?token=s3cret`);
	await client.register("timmy");
	client.terminate();
	writeFileSync(file, "[}");
	await until(text, (printed) =>
		/tokens are as they were: .*line 1/.test(printed),
	);
	writeFileSync(file, "[]");
	await until(text, (printed) =>
		printed.includes("0 tokens: 0 new, 0 changed, 1 gone"),
	);
	expect(text()).not.toContain("s3cret");
});

test("AUTH7 with a wrong file Vite does not start, and says why", async () => {
	const { config } = arrange([{ name: "timmy" }]);
	await expect(createServer(config)).rejects.toThrow(
		/tokens\.json, line 1, entry 1/,
	);
});

test("RT8 where each has a token of its own nobody speaks in another's name, unless that is asked for", async () => {
	const entries = [{ name: "scout", token: "s3cret" }];
	for (const speakAs of ["any", undefined] as const) {
		const { config } = arrange(entries, speakAs && { speakAs });
		const server = await createServer(config);
		onTestFinished(() => server.close());
		const client = await connect(`${await urlOf(server)}?token=s3cret`);
		await client.register("scout");
		client.send({ type: "bark", agentId: "timmy" });
		client.send({ type: "ping" });
		const { type, code } = await client.next();
		const [told, refused] = ["pong", "gateway_error"];
		expect(type).toBe(speakAs === "any" ? told : refused);
		expect(code).toBe(speakAs === "any" ? undefined : "forbidden");
		client.terminate();
	}
});
