/** The example of the package's README, which is what stands between the marks; and that it is the same there. */
import { readFileSync } from "node:fs";
// example
import { expect, test } from "vitest";
import { createMatrixClient } from "../../src/client/index.ts";
import { createMatrix } from "../../src/testing/index.ts";

test("whoever was away hears what was said meanwhile", async () => {
	const matrix = createMatrix({ seed: 7 });
	const ada = createMatrixClient({ ...matrix.client, agentId: "ada" });
	const timmy = createMatrixClient({ ...matrix.client, agentId: "timmy" });
	const heard: string[] = [];
	ada.on("bark", ({ text }) => heard.push(text));
	await matrix.settled(); // both are online

	matrix.drop(ada);
	timmy.send({ type: "bark", agentId: "timmy", text: "Are you there?" });
	await matrix.settled(); // she is back

	expect(heard).toEqual(["Are you there?"]);
	await matrix.close();
});
// end of example

test("it stands in the README", () => {
	const own = readFileSync(new URL(import.meta.url), "utf8");
	const [, example = ""] =
		/^\/\/ example\n(.*?)^\/\/ end of example$/ms.exec(own) ?? [];
	const readme = readFileSync(
		new URL("../../README.md", import.meta.url),
		"utf8",
	);
	expect(readme).toContain(
		example.replace(
			/\.\.\/\.\.\/src\/(\w+)\/index\.ts/g,
			"vite-plugin-matrix-gateway/$1",
		),
	);
});
