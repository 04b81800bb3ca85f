/** What the program makes of its arguments, without a process of its own. */
import { vi } from "vitest";
import { runCommandLine } from "../../src/command-line.ts";
import { ExitError } from "../../src/errors.ts";
import type { SidecarOptions } from "../../src/sidecar.ts";
import type { Subcommand } from "../../src/subcommand.ts";
import { createServe } from "../../src/subcommands/serve.ts";

export type Environment = Readonly<Record<string, string>>;

/** What is served for these arguments. */
export async function readServe(
	args: readonly string[],
	environment: Environment = {},
	more: readonly Subcommand[] = [],
): Promise<SidecarOptions> {
	const started: SidecarOptions[] = [];
	const serve = createServe(async (options) => {
		started.push(options);
	});
	await inEnvironment(environment, () =>
		runCommandLine(args, [serve, ...more]),
	);
	const [options] = started;
	if (!options) throw new Error("it does not serve");
	return options;
}

/** What these arguments print. */
export async function printedBy(
	args: readonly string[],
	environment: Environment = {},
	more: readonly Subcommand[] = [],
): Promise<string> {
	const serve = createServe(async () => {
		throw new Error("it serves");
	});
	const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
	try {
		await inEnvironment(environment, () =>
			runCommandLine(args, [serve, ...more]),
		);
		return write.mock.calls.map(([text]) => text).join("");
	} finally {
		write.mockRestore();
	}
}

/** The line that says what is wrong with these arguments. */
export async function problemOf(
	args: readonly string[],
	environment: Environment = {},
	more: readonly Subcommand[] = [],
): Promise<string> {
	const serve = createServe(async () => {});
	try {
		await inEnvironment(environment, () =>
			runCommandLine(args, [serve, ...more]),
		);
	} catch (error) {
		if (error instanceof ExitError) return error.message;
		throw error;
	}
	throw new Error("it was taken");
}

/** Commander reads the process's own. */
async function inEnvironment(
	environment: Environment,
	run: () => Promise<void>,
): Promise<void> {
	for (const [name, value] of Object.entries(environment))
		vi.stubEnv(name, value);
	try {
		await run();
	} finally {
		vi.unstubAllEnvs();
	}
}
