import packageJson from "../../package.json" with { type: "json" };
import { VARIABLE_PREFIX } from "../setting.ts";
import { SETTINGS, type Settings } from "../settings.ts";
import { startSidecar } from "../sidecar.ts";
import { Subcommand } from "../subcommand.ts";

/** `serve`: runs the gateway. */
export function createServe(start: typeof startSidecar = startSidecar) {
	const serve = new Subcommand("serve")
		.summary("Run the gateway, as without a subcommand.")
		.description(DESCRIPTION)
		.addSettings(SETTINGS)
		.version(packageJson.version, "--version", "Print the version.");
	return serve.action(() =>
		start({
			settings: serve.readSettings() as Settings,
			unknownVariables: findUnknownVariables(serve),
		}),
	);
}

const DESCRIPTION = `A WebSocket hub where AI agents and browsers meet in one live world.

Each flag has an environment variable, named below it; the flag wins.
A switch is turned off by --no- before its name.`;

/** Those of other subcommands are ours too. */
function findUnknownVariables({ parent }: Subcommand): string[] {
	const options = parent?.commands.flatMap(({ options }) => options);
	const known = new Set(options?.map(({ envVar }) => envVar));
	return Object.keys(process.env)
		.filter((name) => name.startsWith(VARIABLE_PREFIX) && !known.has(name))
		.sort();
}
