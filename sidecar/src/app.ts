/** What the sidecar answers over HTTP. */
import { type H3, type H3Event, HTTPError } from "h3";
import {
	type AccessOptions,
	type ConsoleOption,
	createHttpApp,
	type Hub,
	type McpOption,
	type MetricsOption,
	nameBelow,
	type OperatedOption,
} from "vite-plugin-matrix-gateway/server";
import type { Settings } from "./settings.ts";
import { createStaticFiles } from "./static-files.ts";

/** What was chosen, and what answers for it. */
export type AppSettings = Omit<Settings, "mcp" | "console"> &
	MetricsOption &
	McpOption &
	ConsoleOption &
	OperatedOption &
	Pick<AccessOptions, "jwt">;

/** The gateway's endpoints, and behind them the static files or a word of welcome. */
export function createApp(hub: Hub, settings: AppSettings): H3 {
	const files = settings.static && createStaticFiles(settings.static);
	const app = createHttpApp(hub, settings) as H3;
	return app.get("/**", async (event) => {
		if (isWebSocketPath(event.url.pathname, hub, settings))
			return upgradeRequired(event);
		if (`${event.url.pathname}/` === settings.base) return addSlash(event);
		const file = files && (await files(event.req));
		if (file) return file;
		if (!files && event.url.pathname === "/") return welcome(settings);
		throw new HTTPError({ status: 404 });
	});
}

function isWebSocketPath(
	asked: string,
	hub: Hub,
	{ path }: Pick<Settings, "path">,
): boolean {
	return asked === path || hub.has(nameBelow([path], asked) ?? "");
}

/** Whoever opens the WebSocket's path in a browser is told what it is. */
function upgradeRequired(event: H3Event): object {
	event.res.status = 426;
	event.res.headers.set("upgrade", "websocket");
	return { error: "this is a WebSocket's path" };
}

/** A page's relative addresses are below the slash. */
function addSlash(event: H3Event): string {
	event.res.status = 308;
	event.res.headers.set(
		"location",
		`${event.url.pathname}/${event.url.search}`,
	);
	return "";
}

function welcome({ path }: Pick<Settings, "path">): object {
	return {
		name: "matrix-gateway",
		webSocket: path,
		status: "/api/gateway/status",
		health: ["/healthz", "/readyz"],
	};
}
