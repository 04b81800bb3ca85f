/** Where the server can be reached. */
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";

/** The hosts and ports under which a server that listens at some addresses can be reached, this machine's own first. */
export function authoritiesOf(
	addresses: readonly [AddressInfo, ...AddressInfo[]],
): string[] {
	const [{ port }] = addresses;
	// All of what `localhost` leads to.
	if (addresses.length > 1 && addresses.every(isOwn))
		return [`localhost:${port}`];
	return addresses.flatMap(({ address, port }) =>
		hostsOf(address).map((host) => `${host}:${port}`),
	);
}

/** Whether only this machine can reach an address. */
export function isLoopback(address: string): boolean {
	return address === "::1" || /^(?:::ffff:)?127\./.test(address);
}

function isOwn({ address }: AddressInfo): boolean {
	return isLoopback(address);
}

function hostsOf(address: string): string[] {
	if (address === "0.0.0.0") return ["localhost", ...externalHosts(["IPv4"])];
	if (address === "::")
		return ["localhost", ...externalHosts(["IPv4", "IPv6"])];
	return [bracketed(address)];
}

/** Without link-local addresses, which lead nowhere without the name of an interface. */
function externalHosts(families: readonly string[]): string[] {
	return Object.values(networkInterfaces())
		.flatMap((infos) => infos ?? [])
		.filter(({ internal, family }) => !internal && families.includes(family))
		.map(({ address }) => address)
		.filter((address) => !address.startsWith("fe80:"))
		.map(bracketed);
}

function bracketed(address: string): string {
	return address.includes(":") ? `[${address}]` : address;
}
