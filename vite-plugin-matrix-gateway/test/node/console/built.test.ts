/** What the console's page has once it is built. */
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { expect, test } from "vitest";

const CONFIG = fileURLToPath(
	new URL("../../../console/vite.config.ts", import.meta.url),
);

test("OPS5 there is a form for what is said, and none for what only the gateway or a connection says", async () => {
	const built = await build({
		...{ configFile: CONFIG, logLevel: "silent" },
		build: { write: false },
	});
	if (Array.isArray(built) || !("output" in built))
		throw new TypeError("no output");
	const types = built.output.flatMap(
		(file) =>
			/\/schemas\/(.+)\.json$/.exec(
				("facadeModuleId" in file && file.facadeModuleId) || "",
			)?.[1] ?? [],
	);
	expect(types).toEqual(expect.arrayContaining(["agent_message", "bark"]));
	const others =
		/^(gateway_.*|ping|pong|auth_refresh|matrix-message|agent_(joined|left|(un)?register|registered|subscribed?))$/;
	expect(types.filter((type) => others.test(type))).toEqual([]);
});
