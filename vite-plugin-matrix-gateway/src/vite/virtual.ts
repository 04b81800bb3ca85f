/** The module that page code imports. */
export const VIRTUAL_ID = "virtual:matrix-gateway";

/**
 * Its source. In development the URL is that of the server which serves the module, so that it
 * holds for pages that another server renders; in a build it is the page's own origin. A token
 * never gets into a build [CON6].
 */
export function virtualModule(
	path: string,
	token: string | undefined,
	command: "serve" | "build",
): string {
	const base = command === "serve" ? "import.meta.url" : "location.href";
	const given = command === "serve" ? JSON.stringify(token) : undefined;
	return `
const path = ${JSON.stringify(path)};
export const url = typeof location === "undefined"
	? path
	: new URL(path, ${base}).href.replace(/^http/, "ws");
export const token = ${given};
`;
}
