/** What else in a config would answer the gateway's upgrades. */
import type {
	CommonServerOptions,
	Logger,
	ProxyOptions,
	ResolvedConfig,
} from "vite";

export const PLUGIN_NAME = "vite-plugin-matrix-gateway";

/**
 * ws ends the process when one upgrade is handled twice.
 * @throws Error when the config holds the plugin twice on one path.
 */
export function checkAlone(config: ResolvedConfig, path: string): void {
	const twins = config.plugins.filter(
		({ name, api }) => name === PLUGIN_NAME && api?.path === path,
	);
	if (twins.length > 1)
		throw new Error(
			`[${PLUGIN_NAME}] The plugin is in this config ${twins.length} times with the path ${path}. Keep one, or give the others a \`path\` of their own.`,
		);
}

/** Warns of a server's proxies that would forward upgrades that the gateway answers. */
export function warnOfProxies(
	logger: Logger,
	{ proxy = {} }: CommonServerOptions,
	paths: readonly string[],
): void {
	for (const [context, target] of Object.entries(proxy)) {
		const path = paths.find((path) => matches(context, path));
		if (path !== undefined && proxiesUpgrades(target))
			logger.warn(
				`[${PLUGIN_NAME}] The proxy "${context}" with \`ws: true\` covers the gateway's path ${path}: both would answer. Narrow the proxy, or give the gateway another \`path\`.`,
			);
	}
}

function proxiesUpgrades(proxy: string | ProxyOptions): boolean {
	if (typeof proxy === "string") return /^wss?:/.test(proxy);
	return proxy.ws === true || /^wss?:/.test(String(proxy.target));
}

/** As Vite matches a proxy's context: a pattern where it starts with ^, else a prefix. */
function matches(context: string, path: string): boolean {
	return context.startsWith("^")
		? new RegExp(context).test(path)
		: path.startsWith(context);
}
