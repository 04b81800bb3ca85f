import { execFileSync } from "node:child_process";

/** Runs a program to its end, and returns what it printed. What it complains of is in the error. */
export function run(
	command: string,
	args: readonly string[],
	cwd: string,
): string {
	try {
		return execFileSync(command, args, {
			cwd,
			encoding: "utf8",
			stdio: ["ignore", "pipe", "pipe"],
			maxBuffer: 64 * 1024 * 1024,
		});
	} catch (error) {
		const { stdout = "", stderr = "" } = error as Record<string, string>;
		throw new Error(
			`\`${[command, ...args].join(" ")}\` failed.\n${stdout}${stderr}`.trim(),
			{ cause: error },
		);
	}
}
