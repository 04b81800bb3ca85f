import { join, resolve } from "node:path";
import type { ResolvedConfig } from "vite";
import type { GatewayOptions } from "../core/protocol/options.ts";
import { DEFAULTS } from "../core/protocol/protocol.ts";
import type { McpOptions } from "../mcp/options.ts";
import type { AccessOptions } from "../node/access.ts";
import type { CompressionOptions } from "../node/compression.ts";
import type { LimitOptions } from "../node/connection-limits.ts";
import type { NativeIoOptions } from "../node/native-io.ts";
import type { FsyncOptions } from "../node/order/data-options.ts";
import type { WorldsOptions } from "../node/worlds-options.ts";
import type { AgentsOption } from "./agents/options.ts";

/**
 * Options of the plugin; none is needed. `allowedOrigins` and `allowedHosts` add to what
 * Vite's own `server.cors` and `server.allowedHosts` (under `vite preview`: `preview.*`) allow.
 */
export interface MatrixGatewayOptions
	extends GatewayOptions,
		CompressionOptions,
		NativeIoOptions,
		AccessOptions,
		LimitOptions,
		FsyncOptions,
		WorldsOptions,
		McpOptions {
	/**
	 * The project's own agents: patterns of their files from Vite's `root`, such as `"src/agents/*.ts"`, or
	 * `{ files, outDir }`. Under `vite dev` each of them runs in a thread of its own, and goes on where it was
	 * when its file is edited; `vite build` makes one file of each, which `vite preview` and the sidecar's
	 * `--agents` run.
	 * @default none
	 */
	readonly agents?: AgentsOption;
	/**
	 * Keeps the world in a folder, so that it outlives Vite's process: `true` below Vite's `cacheDir`,
	 * or a path from Vite's `root`. Without it a restart of Vite keeps the world, and its end does not.
	 * A folder that cannot be used, as where another Vite has it, is told, and Vite goes on without.
	 * @default false
	 */
	readonly data?: boolean | string;
	/**
	 * Serves the operator's console at `/__matrix/`: who is connected, what is said, and what to do about it.
	 * In `vite dev` it is open to whoever Vite's own checks of `Host` and `Origin` let in, and asks for the
	 * one `token` where there is one; with `tokens`, `jwt` or `authenticate`, and always in `vite preview`,
	 * it is for a grant that says `operate`.
	 * @default true in `vite dev`, false in `vite preview`
	 */
	readonly console?: boolean;
	/**
	 * Serves LLMs at `/mcp`, by the Model Context Protocol over Streamable HTTP: each gets an agent in the
	 * world. Needs the package `@modelcontextprotocol/server`, which nothing is loaded of otherwise.
	 * @default false
	 */
	readonly mcp?: boolean;
	/**
	 * The path of the WebSocket, exact, and written as requests send it; it is answered under
	 * Vite's `base` as well, where `virtual:matrix-gateway` leads pages [CON1, CON6].
	 * @default "/ws/matrix"
	 */
	readonly path?: string;
	/**
	 * Prints agents that come and go on Vite's console. Refused connections, and errors of the
	 * gateway's own, are printed always.
	 * @default true
	 */
	readonly log?: boolean;
}

/** The path of the WebSocket. */
export function pathOf({ path = DEFAULTS.path }: MatrixGatewayOptions): string {
	return path;
}

/** Where the world is kept, if it is; `vite preview` has another one than `vite dev`. */
export function dataFolderOf(
	{ data = false }: MatrixGatewayOptions,
	{ root, cacheDir }: Pick<ResolvedConfig, "root" | "cacheDir">,
	isPreview: boolean,
): string | undefined {
	if (data === "") return data;
	if (typeof data === "string") return resolve(root, data);
	const name = isPreview ? "preview" : "dev";
	return data ? join(cacheDir, "matrix-gateway", name) : undefined;
}

/** The paths on which upgrades are answered. A base that is relative or a whole URL adds none. */
export function pathsOf(options: MatrixGatewayOptions, base: string): string[] {
	const path = pathOf(options);
	return base.startsWith("/") ? [path, base + path.slice(1)] : [path];
}
