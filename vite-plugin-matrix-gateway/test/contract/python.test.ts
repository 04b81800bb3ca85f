/** A client of another language, which knows the protocol and nothing else of us. */
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { start } from "../support/child.ts";
import { HOSTS } from "../support/hosts.ts";
import { findPython } from "../support/python.ts";
import { MATRIX_MESSAGES, ODD_MESSAGES } from "./messages.ts";

const SCRIPT = fileURLToPath(new URL("acceptance.py", import.meta.url));

const python = findPython("import websockets")?.command;
if (!python && !process.env.CI)
	console.warn(
		"Skipped: no Python with `websockets` (pip install websockets).",
	);

describe.skipIf(!python && !process.env.CI)("a Python client", () => {
	// It offers compression, and compresses all that it sends where that is taken up.
	const compressed = { compression: true, extensions: "permessage-deflate" };
	const plain = { compression: false, extensions: "" };
	const cases = [
		...HOSTS.map((host) => ({ ...host, ...compressed })),
		...HOSTS.slice(0, 1).map((host) => ({ ...host, ...plain })),
	];

	test.each(cases)(
		"holds all acceptance criteria against $name, compression: $compression",
		async ({ compression, extensions, ...host }) => {
			if (!python)
				throw new Error("In CI a Python with `websockets` is needed.");
			const running = await host.start({
				heartbeatInterval: 1_000,
				registerTimeout: 3_000,
				compression,
				compressionThreshold: 1,
			});
			const args = [SCRIPT, running.url, running.httpUrl, extensions];
			const child = start(python, args, {
				input: [...MATRIX_MESSAGES, ...Object.values(ODD_MESSAGES)]
					.map((text) => `${JSON.stringify(text)}\n`)
					.join(""),
			});
			await child.printed(/^ready$/m);
			expect(await running.stop()).toBe(host.isVite ? undefined : 0);
			expect(await child.exit(), child.logs()).toBe(0);
			expect(child.logs().match(/^holds: /gm)).toHaveLength(10);
		},
	);
});
