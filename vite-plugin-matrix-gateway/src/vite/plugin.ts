import type { Plugin } from "vite";
import { resolveOptions } from "../core/protocol/options.ts";
import { resolveMcp } from "../mcp/options.ts";
import { resolveAccess } from "../node/access-options.ts";
import { createCompress } from "../node/compression.ts";
import { resolveLimits } from "../node/connection-limits.ts";
import { wantsNativeIo } from "../node/native-io.ts";
import { checkFsync } from "../node/order/data-options.ts";
import { checkPath } from "../node/request.ts";
import { resolveWorlds } from "../node/worlds-options.ts";
import { createAgentsHooks } from "./agents/hooks.ts";
import { resolveAgents } from "./agents/options.ts";
import { checkAlone, PLUGIN_NAME } from "./conflicts.ts";
import { dockOf } from "./dock.ts";
import { type MatrixGatewayOptions, pathOf } from "./options.ts";
import { serveDevelopment, servePreview } from "./serve.ts";
import { createVirtualHooks, type VirtualOptions } from "./virtual-module.ts";

/**
 * Puts the gateway on Vite's own HTTP server, in `vite dev` and `vite preview`, and gives page
 * code `virtual:matrix-gateway`.
 *
 * @example
 * import { defineConfig } from "vite";
 * import matrixGateway from "vite-plugin-matrix-gateway";
 *
 * export default defineConfig({ plugins: [matrixGateway()] });
 *
 * @throws TypeError when options contradict each other, or no request can have the path, no page
 *   one of the allowed origins, no server one of the allowed hosts, or no world one of the names.
 * @throws RangeError when a number is out of range.
 */
export function matrixGateway(options: MatrixGatewayOptions = {}): Plugin {
	const path = pathOf(options);
	checkOptions(options);
	checkPath(path);
	const virtual = { path, token: options.token };
	const hooks = createVirtualHooks(virtual);
	const own = resolveAgents(options.agents);
	const agents = own && createAgentsHooks(own);
	// No `apply`: a page that imports the virtual module must build too.
	return {
		...{ ...hooks, ...dockOf(options) },
		name: PLUGIN_NAME,
		api: { path },
		config(config, env) {
			// A build uses none of the config's plugins for workers.
			const worker = { plugins: () => [createWorkerPlugin(virtual)] };
			if (!agents) return { worker };
			return agents.config(config, env).then((own) => ({ ...own, worker }));
		},
		configResolved(config) {
			hooks.configResolved(config);
			checkAlone(config, path);
			agents?.configResolved(config);
		},
		resolveId: (id) => hooks.resolveId(id) ?? agents?.resolveId(id),
		load: (id) => hooks.load(id) ?? agents?.load(id),
		configureServer: (server) => serveDevelopment(server, options),
		configurePreviewServer: (server) => servePreview(server, options),
		...(agents && {
			writeBundle: agents.writeBundle,
			closeBundle: agents.closeBundle,
		}),
	};
}

function createWorkerPlugin(options: VirtualOptions): Plugin {
	return { ...createVirtualHooks(options), name: `${PLUGIN_NAME}:virtual` };
}

/** At once, so that a build fails with the options with which a server would not start. */
function checkOptions(options: MatrixGatewayOptions): void {
	resolveAccess(options);
	resolveLimits(options);
	resolveOptions(options);
	createCompress(options);
	wantsNativeIo(options);
	checkFsync(options);
	resolveWorlds(options);
	resolveMcp(options);
}
