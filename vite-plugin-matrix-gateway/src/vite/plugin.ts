import type { Plugin } from "vite";
import { resolveOptions } from "../core/protocol/options.ts";
import { DEFAULTS } from "../core/protocol/protocol.ts";
import { resolveAccess } from "../node/access.ts";
import { createCompress } from "../node/compression.ts";
import { wantsNativeIo } from "../node/native-io.ts";
import { checkPath } from "../node/request.ts";
import { checkAlone, PLUGIN_NAME } from "./conflicts.ts";
import type { MatrixGatewayOptions } from "./options.ts";
import { serveDevelopment, servePreview } from "./serve.ts";
import { createVirtualHooks, type VirtualOptions } from "./virtual.ts";

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
 *   one of the allowed origins, or no server one of the allowed hosts.
 * @throws RangeError when a number is out of range.
 */
export function matrixGateway(options: MatrixGatewayOptions = {}): Plugin {
	const path = options.path ?? DEFAULTS.path;
	checkOptions(options);
	checkPath(path);
	const virtual = { path, token: options.token };
	const hooks = createVirtualHooks(virtual);
	// No `apply`: a page that imports the virtual module must build too.
	return {
		...hooks,
		name: PLUGIN_NAME,
		api: { path },
		// A build's workers take none of the config's plugins by themselves.
		config: () => ({
			worker: { plugins: () => [createWorkerPlugin(virtual)] },
		}),
		configResolved(config) {
			hooks.configResolved(config);
			checkAlone(config, path);
		},
		configureServer: (server) => serveDevelopment(server, options),
		configurePreviewServer: (server) => servePreview(server, options),
	};
}

function createWorkerPlugin(options: VirtualOptions): Plugin {
	return { ...createVirtualHooks(options), name: `${PLUGIN_NAME}:virtual` };
}

/** Before there is a gateway, so that a build does not pass with what no server starts with. */
function checkOptions(options: MatrixGatewayOptions): void {
	resolveAccess(options);
	resolveOptions(options);
	createCompress(options);
	wantsNativeIo(options);
}
