/** npm in somebody's app. */
import { execFileSync } from "node:child_process";

/** For `npm install`. */
export const QUIETLY: readonly string[] = [
	"--prefer-offline",
	"--no-audit",
	"--no-fund",
];

/** What it prints. */
export function npm(cwd: string, ...args: readonly string[]): string {
	return execFileSync("npm", args, {
		...{ cwd, encoding: "utf8", stdio: "pipe" },
		env: { ...process.env, NO_COLOR: "1" },
	});
}
