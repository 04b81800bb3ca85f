/** Which peers are proxies of ours, and so are believed whom they speak for [CON3]. */
import { BlockList, isIP, SocketAddress } from "node:net";

/** What an operator trusts: nobody, whoever is the peer, or these addresses and networks. */
export type TrustProxy = boolean | readonly string[];

export interface Proxies {
	/** Whether what a peer says of whom it speaks for is believed. */
	trusts(peer: string | undefined): boolean;
	/** Whether an address that such a peer names is one more proxy, which was asked in turn. */
	isProxy(address: string): boolean;
}

/** @throws TypeError that names the entry which is neither an address nor a network. */
export function resolveProxies(trust: TrustProxy = false): Proxies {
	// Of how many proxies there are a switch says nothing, so it stands for one.
	if (typeof trust === "boolean")
		return { trusts: () => trust, isProxy: () => false };
	if (!Array.isArray(trust))
		throw new TypeError("`trustProxy` is true, false, or a list of addresses.");
	const list = new BlockList();
	for (const text of trust) {
		if (!isProxyAddress(text))
			throw new TypeError(
				`An entry of \`trustProxy\` is an IP address such as "10.0.0.1", or a network such as "10.0.0.0/8". But ${JSON.stringify(text)} was given.`,
			);
		const { address, family, prefix } = readNetwork(text);
		list.addSubnet(address, prefix, family);
	}
	const isProxy = (address: string) => isIn(list, address);
	return {
		trusts: (peer) => peer !== undefined && isProxy(plainAddress(peer)),
		isProxy,
	};
}

/** Whether a text is an IP address, or a network with its prefix. */
export function isProxyAddress(text: string): boolean {
	const [address = "", prefix, ...others] = `${text}`.split("/");
	const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
	const isPrefix = prefix === undefined || /^\d{1,3}$/.test(prefix);
	return (
		others.length === 0 &&
		bits > 0 &&
		!address.includes("%") &&
		isPrefix &&
		Number(prefix ?? 0) <= bits
	);
}

/**
 * An address in its one form: IPv4 within IPv6 as IPv4, and without a zone. What is no address stays
 * as it is.
 */
export function plainAddress(text: string): string {
	const [bare = ""] = text.split("%");
	if (isIP(bare) !== 6) return text;
	const { address } = new SocketAddress({ address: bare, family: "ipv6" });
	const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address);
	return mapped?.[1] ?? address;
}

/**
 * What counts as one client: an IPv4 address, or the /64 of an IPv6 address, of which one host has
 * all.
 */
export function clientNetwork(address: string): string {
	if (isIP(address) !== 6) return address;
	const [head = "", tail] = address.split("::");
	const before = head.split(":").filter(Boolean);
	const after = tail?.split(":").filter(Boolean) ?? [];
	// An IPv4 at the end has the room of two.
	const length = before.length + after.length + (address.includes(".") ? 1 : 0);
	const zeros = Array<string>(tail === undefined ? 0 : 8 - length).fill("0");
	return `${[...before, ...zeros, ...after].slice(0, 4).join(":")}::/64`;
}

function readNetwork(text: string) {
	const [given = "", prefix] = text.split("/");
	const address = plainAddress(given);
	const isMapped = isIP(given) === 6 && isIP(address) === 4;
	const family = isIP(address) === 4 ? ("ipv4" as const) : ("ipv6" as const);
	const bits = family === "ipv4" ? 32 : 128;
	// Of an IPv4 within IPv6, a network that is wider than all of IPv4 is one of IPv6.
	if (isMapped && prefix !== undefined && Number(prefix) < 96)
		return { address: given, family: "ipv6" as const, prefix: Number(prefix) };
	const own =
		prefix === undefined ? bits : Number(prefix) - (isMapped ? 96 : 0);
	return { address, family, prefix: own };
}

function isIn(list: BlockList, address: string): boolean {
	const version = isIP(address);
	return version > 0 && list.check(address, version === 4 ? "ipv4" : "ipv6");
}
