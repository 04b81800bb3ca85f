/**
 * What of `@redis/client` gets into the file. The package has a function for each of Redis' commands,
 * clusters and sentinels, which are four fifths of it; the gateway asks in words, of one server.
 */
import type { Plugin } from "vite";

const NOTHING = `
	exports.__esModule = true;
	exports.default = class { static create() {} };
`;

/** By the ends of their paths, what stands in the place of modules of the package. */
const IN_PLACE: Readonly<Record<string, string>> = {
	// Those that the package itself uses by name.
	"/lib/commands/index.js": `
		exports.__esModule = true;
		exports.default = {
			AUTH: require("./AUTH").default,
			CLIENT_SETNAME: require("./CLIENT_SETNAME").default,
			READONLY: require("./READONLY").default,
		};
		exports.NON_STICKY_COMMANDS = {};
	`,
	"/lib/cluster/index.js": NOTHING,
	"/lib/sentinel/index.js": NOTHING,
	"/lib/command-metadata/command-metadata-data.js":
		"exports.COMMAND_METADATA = {};",
};

/** @throws Error at the end of a build that has met none of the modules: the package is another than it was. */
export function redisClient(): Plugin {
	const met = new Set<string>();
	return {
		name: "redis-client",
		load(id) {
			const [, path = ""] = id.split("/@redis/client/dist");
			const code = IN_PLACE[path];
			if (code !== undefined) met.add(path);
			return code;
		},
		generateBundle() {
			for (const path of Object.keys(IN_PLACE))
				if (!met.has(path)) this.error(`@redis/client has no ${path} any more`);
		},
	};
}
