/** What is said at the start: where the gateway listens, and how open that is. */
import type { AddressInfo } from "node:net";
import { authoritiesOf, isLoopback } from "./addresses.ts";
import type { Logger } from "./logging.ts";
import { isOpen } from "./open.ts";
import type { Settings } from "./settings.ts";

/** Says where it listens, and how open that is. */
export function announce(
	addresses: readonly [AddressInfo, ...AddressInfo[]],
	settings: Settings,
	log: Logger,
): void {
	const [bound] = addresses;
	const authorities = authoritiesOf(addresses);
	const secure = settings.tlsCert === undefined ? "" : "s";
	const urls = authorities.map(
		(host) => `ws${secure}://${host}${settings.path}`,
	);
	const http = authorities.map((host) => `http${secure}://${host}/`);
	const isAlone = addresses.every(({ address }) => isLoopback(address));
	log.info(
		{
			event: "listening",
			host: bound.address,
			port: bound.port,
			urls,
			http,
			static: settings.static,
		},
		`listening on ${urls[0]} and ${http[0]}${isOpen(settings) && isAlone ? ALONE : ""}`,
	);
	if (isOpen(settings) && !isAlone)
		log.warn({ event: "open" }, openAt(authorities, settings));
}

const ALONE = ", for this machine alone: no token is asked for";

/** With what to type instead, for those who did not mean it. */
function openAt(authorities: readonly string[], { host }: Settings): string {
	const others = authorities.length > 1 ? authorities.slice(1) : authorities;
	const flag = host === undefined ? "" : ` --host ${host}`;
	return `NO TOKEN: whoever can reach ${others.join(", ")} can connect, listen and speak as anybody. To ask for a token, start it as MATRIX_GATEWAY_TOKEN=$(openssl rand -hex 16) matrix-gateway${flag}; for this machine alone, without --host`;
}
