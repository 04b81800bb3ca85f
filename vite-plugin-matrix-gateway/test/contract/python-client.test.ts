/** The client for Python against a real host; what becomes of it over failures is in test/chaos. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { PYTHONS } from "../python/pythons.ts";
import { start } from "../support/child.ts";
import { sidecar } from "../support/sidecar.ts";

const SCRIPT = fileURLToPath(new URL("python-client.py", import.meta.url));

test.each(PYTHONS)(
	"the client for Python keeps what it promises, with $name",
	async ({ command, env }) => {
		const gateway = await sidecar({
			token: "s3cret",
			heartbeatInterval: 1_000,
			worlds: ["garden"],
		});
		const args = ["-X", "dev", SCRIPT, gateway.url, "s3cret"];
		const child = start(command, args, { env });
		expect(await child.exit(), child.logs()).toBe(0);
		const [skipped = "nothing"] = /^skipped: .*/m.exec(child.logs()) ?? [];
		expect(child.logs().match(/^(?:holds|skipped): /gm)).toHaveLength(8);
		if (skipped !== "nothing") console.warn(skipped);
		expect(child.logs()).not.toMatch(/never (?:retrieved|awaited)|Traceback/);
		expect(await gateway.stop()).toBe(0);
	},
);
