/** Who may import whom: one rule a folder. Paths are relative to the repository. */

/** A folder with a rule of its own; it may import itself. */
export interface House {
	readonly folder: string;
	/** Other folders and files that it may import. */
	readonly files?: readonly string[];
	/** Folders of which it may import types alone. */
	readonly types?: readonly string[];
	/**
	 * Packages that it may import out of those in question: vite, ws, h3, node:* and our own. Where
	 * it is absent, no package at all.
	 */
	readonly packages?: readonly string[];
	/** Whether it may import what it is told to by a path, as it does the files of others. */
	readonly computed?: true;
}

export const PLUGIN = "vite-plugin-matrix-gateway";
export const SOURCE = `${PLUGIN}/src`;
export const CORE = `${SOURCE}/core`;

const PROTOCOL = `${CORE}/protocol`;
const WORLD = `${CORE}/world`;
const ORDER = `${CORE}/order`;
const EDGE = `${CORE}/edge`;

const MESSAGES = `${SOURCE}/messages`;

export const HOUSES: readonly House[] = [
	{ folder: PROTOCOL },
	{ folder: WORLD, files: [PROTOCOL] },
	{ folder: ORDER, files: [PROTOCOL], types: [WORLD] },
	{ folder: EDGE, files: [PROTOCOL, WORLD, ORDER] },
	{ folder: CORE },
	// Core is not among those who import it: the router reads no message.
	{ folder: MESSAGES, packages: ["valibot", "@valibot/to-json-schema"] },
	{ folder: `${SOURCE}/client`, files: [PROTOCOL], types: [MESSAGES] },
	{
		folder: `${SOURCE}/node`,
		files: [CORE, `${PLUGIN}/package.json`],
		types: [`${SOURCE}/recording`],
		packages: ["ws", "h3", "@redis/client", "jose", "jsonc-parser", "node:*"],
	},
	{
		folder: `${SOURCE}/mcp`,
		files: [
			CORE,
			`${SOURCE}/client`,
			`${SOURCE}/node`,
			`${PLUGIN}/schemas`,
			`${PLUGIN}/package.json`,
		],
		packages: ["ws", "node:*"],
	},
	{
		folder: `${SOURCE}/agents`,
		files: [CORE, `${SOURCE}/client`, `${SOURCE}/node`],
		packages: ["node:*"],
		computed: true,
	},
	{
		folder: `${SOURCE}/recording`,
		files: [PROTOCOL, `${SOURCE}/client`],
	},
	{
		folder: `${SOURCE}/testing`,
		files: [CORE, `${SOURCE}/client`, `${SOURCE}/node`, `${SOURCE}/recording`],
		packages: ["node:*"],
	},
	{
		// The console's page: it knows what messages are retained by, what a recording has, and what it is told.
		folder: `${PLUGIN}/console`,
		files: [
			PROTOCOL,
			`${EDGE}/retain-request.ts`,
			`${SOURCE}/recording/line.ts`,
			`${SOURCE}/node/console/wire.ts`,
		],
		packages: ["vite", "node:*"],
	},
	{
		folder: `${SOURCE}/vite`,
		files: [
			CORE,
			`${SOURCE}/node`,
			`${SOURCE}/mcp`,
			`${SOURCE}/agents`,
			`${PLUGIN}/package.json`,
		],
		packages: ["vite", "node:*"],
	},
	{
		folder: "sidecar/src",
		files: ["sidecar/package.json"],
		packages: [PLUGIN, "h3", "srvx", "ws", "node:*"],
	},
	{ folder: "playground/src", packages: [PLUGIN, "virtual:*"] },
	{
		folder: "playground",
		packages: [PLUGIN, "virtual:*", "vite", "vitest", "ws", "ajv", "node:*"],
	},
	{
		// The pictures of the READMEs are of the demo.
		folder: "e2e",
		files: ["playground/test/cast.ts", `${PLUGIN}/test/support/ports.ts`],
		packages: [PLUGIN, "vite", "ws", "node:*"],
	},
];

/** The rule of a folder. */
export function houseOf(folder: string): House {
	const house = HOUSES.find((other) => other.folder === folder);
	if (!house) throw new Error(`no rule for ${folder}`);
	return house;
}
