/** Vite's own rules of who may connect, as options of the gateway [CON3]. */
import type { CommonServerOptions, CorsOptions } from "vite";
import type { AccessOptions } from "../node/access.ts";
import {
	type OriginRule,
	parseHost,
	parseOrigin,
} from "../node/allowed-forms.ts";
import { hostsOf } from "../node/origin.ts";

type ServerRules = Pick<
	CommonServerOptions,
	"allowedHosts" | "cors" | "https" | "host"
>;

/** Adds what `server` (or `preview`) allows to what the plugin's options allow. */
export function withServerRules<Options extends AccessOptions>(
	options: Options,
	server: ServerRules,
): Options {
	const allowedOrigins = [
		...(options.allowedOrigins ?? []),
		...originsOf(server.cors),
	];
	const allowedHosts = knownHosts({ ...options, allowedOrigins }, server);
	return { ...options, allowedOrigins, allowedHosts };
}

/** Vite checks no Host under HTTPS: a rebound name fails at the certificate. */
function knownHosts(
	{ allowedHosts = [], allowedOrigins }: AccessOptions,
	server: ServerRules,
): readonly string[] | true {
	if (allowedHosts === true || server.allowedHosts === true || server.https)
		return true;
	const named = typeof server.host === "string" ? [server.host] : [];
	const theirs = [...(server.allowedHosts ?? []), ...named];
	return [
		...allowedHosts,
		...theirs.filter((host) => parseHost(host) !== undefined),
		...hostsOf(allowedOrigins),
	];
}

function originsOf(cors: boolean | CorsOptions | undefined): OriginRule[] {
	if (cors === true) return ["*"];
	if (!cors) return [];
	const { origin = "*" } = cors;
	if (typeof origin === "function") return [askCors(origin)];
	if (typeof origin === "boolean") return origin ? ["*"] : [];
	return [origin].flat().filter(isRule);
}

/** Vite accepts a text that no page can match, so it is left out and not an error. */
function isRule(value: unknown): value is string | RegExp {
	return typeof value === "string"
		? parseOrigin(value) !== undefined
		: value instanceof RegExp;
}

type CustomOrigin = Extract<
	NonNullable<CorsOptions["origin"]>,
	(...args: never[]) => unknown
>;

/** An origin function of the `cors` package calls back with an error, a boolean or an origin. */
function askCors(custom: CustomOrigin): OriginRule {
	return (origin) =>
		new Promise((resolve) => {
			custom(origin, (_error, allowed) => {
				resolve(allowed === true || allowed === "*" || allowed === origin);
			});
		});
}
