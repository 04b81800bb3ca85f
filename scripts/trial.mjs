/** `npm run trial:<name>`: tests that take minutes, and are no part of `npm test`. `-- --minutes 30` soaks for longer. */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const { positionals, values } = parseArgs({
	allowPositionals: true,
	options: { minutes: { type: "string" } },
});
const [name = ""] = positionals;
const { minutes } = values;
const { status } = spawnSync(
	"npx",
	["vitest", "run", "--project", "trials", `trials/${name}`],
	{
		stdio: "inherit",
		shell: process.platform === "win32",
		env: {
			...process.env,
			MATRIX_TRIALS: "1",
			...(minutes && { MATRIX_SOAK_MINUTES: minutes }),
		},
	},
);
process.exitCode = status ?? 1;
