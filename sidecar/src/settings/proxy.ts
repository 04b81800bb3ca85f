/** TLS, or a proxy before it. */
import { base, trustedProxies } from "../kinds/addresses.ts";
import { file } from "../kinds/files.ts";
import type { Setting } from "../setting.ts";

export const PROXY = {
	tlsCert: {
		part: "TLS, or a proxy",
		flag: "tls-cert",
		kind: file,
		help: "Certificate and what leads from it to the root, PEM: with it TLS is spoken (wss, https). Read again when it changes, and on SIGHUP. Together with --tls-key.",
	},
	tlsKey: {
		flag: "tls-key",
		kind: file,
		help: "Private key of that certificate, PEM, without a passphrase.",
	},
	trustProxy: {
		flag: "trust-proxy",
		kind: trustedProxies,
		default: false,
		help: "Proxies whose X-Forwarded-For, X-Forwarded-Host and X-Forwarded-Port are believed, by their addresses or networks, separated by commas. Without a value everybody's are, as one proxy's: only where nobody else can reach the port, since whoever can has any address and host.",
	},
	base: {
		flag: "base",
		kind: base,
		help: "Prefix under which all is answered as well, for a proxy that forwards it, such as /matrix/.",
	},
} as const satisfies Record<string, Setting>;
