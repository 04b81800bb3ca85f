/** Hosts, paths and URLs: where something is, or comes from. */
import { isIP } from "node:net";
import {
	isHttpUrl,
	isPathAsSent,
	isProxyAddress,
	isRedisUrl,
	parseHost,
	parseOrigin,
} from "vite-plugin-matrix-gateway/server";
import type { Kind } from "./kind.ts";
import { toggle } from "./words.ts";

/** A name or an address to listen on. */
export const host: Kind<string> = {
	placeholder: "host",
	expected: "a host name or an IP address",
	parse(text) {
		const bare = text.replace(/^\[(.+)\]$/, "$1");
		return isIP(bare) || HOST_NAME.test(bare) ? bare : undefined;
	},
};

/** A host name, with a leading dot for all of its subdomains, by the same rule as that of `attach`. */
export const hostPattern: Kind<string> = {
	placeholder: "host",
	expected:
		"a host name such as matrix.example or .matrix.example, without a scheme or a port",
	parse: parseHost,
};

/** A path as requests send it, by the same rule as that of `attach`. */
export const path: Kind<string> = {
	placeholder: "path",
	expected: "a path such as /ws/matrix, percent-encoded and without a query",
	parse: (text) => (isPathAsSent(text) ? text : undefined),
};

/** A path that others are below; the slash at its end may be left out. */
export const base: Kind<string> = {
	placeholder: "path",
	expected: "a path such as /matrix/, percent-encoded and without a query",
	parse: (text) => (isPathAsSent(text) ? text.replace(/\/?$/, "/") : undefined),
};

/** An origin as browsers write it, by the same rule as that of `attach`. */
export const origin: Kind<string> = {
	placeholder: "origin",
	expected:
		"an origin such as https://matrix.example, with a scheme and without a path, or *",
	parse: parseOrigin,
};

/** Proxies by their addresses, by the same rule as that of `attach`; or a switch. */
export const trustedProxies: Kind<boolean | readonly string[]> = {
	placeholder: "addresses",
	bare: "true",
	expected:
		"true, false, or IP addresses and networks such as 10.0.0.0/8, separated by commas",
	parse(text) {
		const position = toggle.parse(text);
		if (position !== undefined) return position;
		const addresses = text.split(",").map((address) => address.trim());
		return addresses.every(isProxyAddress) ? addresses : undefined;
	},
};

/** Where keys are fetched from, by the same rule as that of `attach`. */
export const httpUrl: Kind<string> = {
	placeholder: "url",
	expected: "a URL, http: or https:",
	parse: (text) => (isHttpUrl(text) ? text : undefined),
};

/** Where a Redis is, by the same rule as that of `createGateway`. */
export const redisUrl: Kind<string> = {
	placeholder: "url",
	expected: "a URL such as redis://localhost:6379, or rediss: for TLS",
	parse: (text) => (isRedisUrl(text) ? text : undefined),
};

const HOST_NAME = /^[a-z\d_](?:[a-z\d_.-]*[a-z\d_])?$/i;
