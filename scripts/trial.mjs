/** `npm run trial:<name>`: tests that take minutes, and are no part of `npm test`. */
import { spawnSync } from "node:child_process";

const [name = ""] = process.argv.slice(2);
const { status } = spawnSync(
	"npx",
	["vitest", "run", "--project", "trials", `trials/${name}`],
	{
		stdio: "inherit",
		shell: process.platform === "win32",
		env: { ...process.env, MATRIX_TRIALS: "1" },
	},
);
process.exitCode = status ?? 1;
