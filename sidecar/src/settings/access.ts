/** Who gets in, and what they may. */
import { DEFAULTS } from "vite-plugin-matrix-gateway/protocol";
import { hostPattern, httpUrl, origin } from "../kinds/addresses.ts";
import { filePath } from "../kinds/files.ts";
import { milliseconds } from "../kinds/numbers.ts";
import {
	claim,
	oneOf,
	secretText,
	toggle,
	token,
	viewerTypes,
} from "../kinds/words.ts";
import type { Setting } from "../setting.ts";

export const ACCESS = {
	token: {
		part: "Who gets in, and what they may",
		flag: "token",
		kind: token,
		secret: true,
		help: "Token that every client must offer. Better given by the environment: other users of the machine can read a command line.",
	},
	tokens: {
		flag: "tokens",
		kind: filePath,
		help: "JSON file of tokens, each with its name and what it allows; new-token makes one with its entry. It is followed: a change counts within a second. Not together with --token.",
	},
	jwtJwks: {
		flag: "jwt-jwks",
		kind: httpUrl,
		help: "URL of the keys (JWKS) that check the signatures of JSON Web Tokens, whose claims say what they allow. With --tokens either lets in.",
	},
	jwtSecret: {
		flag: "jwt-secret",
		kind: secretText,
		secret: true,
		help: "Secret that signs JSON Web Tokens by HS256, in place of --jwt-jwks; with less than 32 bytes whoever has one token can find it out. Better given by the environment: other users of the machine can read a command line.",
	},
	jwtIssuer: {
		flag: "jwt-issuer",
		kind: claim,
		repeatable: true,
		help: "Who has to have issued JSON Web Tokens (iss).",
	},
	jwtAudience: {
		flag: "jwt-audience",
		kind: claim,
		repeatable: true,
		help: "For whom JSON Web Tokens have to be (aud). Needed where their issuer makes some for others too.",
	},
	jwtClockSkew: {
		flag: "jwt-clock-skew",
		kind: milliseconds,
		default: DEFAULTS.clockSkew,
		help: "By how much the clock of who issues JSON Web Tokens may be another one.",
	},
	allowedOrigins: {
		flag: "allowed-origin",
		kind: origin,
		repeatable: true,
		help: "Origin of pages that may connect from another host; * is any.",
	},
	allowedHosts: {
		flag: "allowed-host",
		kind: hostPattern,
		repeatable: true,
		defaultText: "the hosts of the allowed origins",
		help: "Host name whose pages may connect, and under which the status is read, without a token; a leading dot covers subdomains. localhost and IP addresses need not be named.",
	},
	requireRegistration: {
		flag: "require-registration",
		kind: toggle,
		default: false,
		help: "Close connections that do not register.",
	},
	registerTimeout: {
		flag: "register-timeout",
		kind: milliseconds,
		defaultText: `${DEFAULTS.registerTimeout}; ${DEFAULTS.requiredRegisterTimeout} with --require-registration`,
		help: "Silence after which a new connection becomes a viewer, or is closed where registration is required.",
	},
	viewers: {
		flag: "viewers",
		kind: viewerTypes,
		defaultText: DEFAULTS.viewers,
		help: "What who has registered no agent may have routed: all, listen for nothing, or types separated by commas, * at the end of one for anything. What would be retained never is.",
	},
	speakAs: {
		flag: "speak-as",
		kind: oneOf(["any", "registered"]),
		defaultText: `${DEFAULTS.speakAs}; registered with --tokens, --jwt-jwks or --jwt-secret`,
		help: "Whom a message may name as its agentId: any, or registered for agents of its own connection alone.",
	},
} as const satisfies Record<string, Setting>;
