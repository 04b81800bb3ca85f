/** What a page needs to reach the gateway that serves it. */
declare module "virtual:matrix-gateway" {
	/** The WebSocket's URL: of the dev server in development, of the page's own origin in production. */
	export const url: string;
	/** The token, in development only; a production page is given one by other means [CON6]. */
	export const token: string | undefined;
}
