/**
 * What a page, or a worker of its, needs to reach the gateway that serves it. Importing it never
 * throws. A worker's build has it by the plugin in `plugins` alone: `worker.plugins` needs nothing.
 */
declare module "virtual:matrix-gateway" {
	/**
	 * The WebSocket's URL, below Vite's `base`: of the dev server in development, of the page's own
	 * origin in production. Where there is neither (no page, `file:`, an opaque origin; with a
	 * relative base an inlined worker too, to which the page can send its own) it is a mere path,
	 * which `createMatrixClient` and `new WebSocket` refuse.
	 */
	export const url: string;
	/** The token, in development only; a production page is given one by other means [CON6]. */
	export const token: string | undefined;
}
