/** The plugin's option `tokens`. */
import { writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createServer } from "vite";
import { expect, onTestFinished, test } from "vitest";
import { connect } from "../support/client.ts";
import { until } from "../support/until.ts";
import { baseConfig, recordLogs } from "../support/vite.ts";

const ENTRIES = [{ name: "timmy", token: "s3cret", agents: ["timmy"] }];

function arrange(entries: unknown) {
	const { logger, text } = recordLogs();
	const config = baseConfig(logger, { tokens: "tokens.json" });
	const file = join(`${config.root}`, "tokens.json");
	writeFileSync(file, JSON.stringify(entries));
	return { config, file, text };
}

test("AUTH7 the file is below Vite's root, and what becomes of it is printed", async () => {
	const { config, file, text } = arrange(ENTRIES);
	const server = await createServer(config);
	onTestFinished(() => server.close());
	await server.listen();
	const address = server.httpServer?.address() as AddressInfo;
	const client = await connect(
		`ws://127.0.0.1:${address.port}/ws/matrix?token=s3cret`,
	);
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
