/** Which gateway a subcommand goes to, and as whom. */
import { isWorldName, WORLD_FORM } from "vite-plugin-matrix-gateway/server";
import { ExitError } from "./errors.ts";
import type { Kind } from "./kinds/kind.ts";
import type { Setting, SettingsOf } from "./setting.ts";
import { SETTINGS } from "./settings.ts";

const gatewayUrl: Kind<string> = {
	placeholder: "url",
	expected:
		"the URL of a gateway's WebSocket, such as ws://localhost:8765/ws/matrix",
	parse(text) {
		const { protocol, username, password } = URL.canParse(text)
			? new URL(text)
			: { protocol: "", username: "", password: "" };
		// A secret in a URL would stand in logs: the token has a place of its own.
		const isBare = username === "" && password === "";
		return SCHEMES.has(protocol) && isBare ? text : undefined;
	},
};

const SCHEMES: ReadonlySet<string> = new Set([
	...["ws:", "wss:", "http:", "https:"],
]);

/** The name of a world. */
export const worldName: Kind<string> = {
	placeholder: "name",
	expected: WORLD_FORM,
	parse: (text) => (isWorldName(text) ? text : undefined),
};

/** It begins no part of a subcommand's help. */
const { part: _, ...token } = SETTINGS.token;

export const GATEWAY_SETTINGS = {
	url: {
		flag: "url",
		kind: gatewayUrl,
		default: "ws://localhost:8765/ws/matrix",
		help: "The gateway's WebSocket.",
	},
	token: {
		...token,
		help: "The token that it asks for. Better given by the environment: other users of the machine can read a command line.",
	},
	world: {
		flag: "world",
		kind: worldName,
		defaultText: "default",
		help: "The world to enter, where the gateway has several.",
	},
} as const satisfies Record<string, Setting>;

export type GatewaySettings = SettingsOf<typeof GATEWAY_SETTINGS>;

/** @throws ExitError for an address or a name that a client does not take. */
export function startOrExplain<Started>(start: () => Started): Started {
	try {
		return start();
	} catch (error) {
		if (error instanceof TypeError || error instanceof RangeError)
			throw new ExitError(error.message);
		throw error;
	}
}
