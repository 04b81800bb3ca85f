/** What clients have said by `POST`, over all their requests: each of these is a connection of its own [HTTP7]. */
import {
	createSharedAccount,
	type SharedAccount,
} from "../../../core/edge/intake.ts";
import type { Grant } from "../../../core/protocol/grant.ts";
import { clientNetwork } from "../../proxies.ts";

export interface Accounts {
	/** That of a token; of who has come without one, that of the address. */
	of(grant: Grant, address: string | undefined): SharedAccount;
}

/** Past so many, the one that was used the longest ago is forgotten: most likely it owes nothing. */
export const MAX_ACCOUNTS = 10_000;

export function createAccounts(most: number = MAX_ACCOUNTS): Accounts {
	const accounts = new Map<string, SharedAccount>();

	return {
		of({ key }, address = "") {
			const name = key ?? `from ${clientNetwork(address)}`;
			const account = accounts.get(name) ?? createSharedAccount();
			// It is the latest again.
			accounts.delete(name);
			accounts.set(name, account);
			if (accounts.size <= most) return account;
			const [oldest] = accounts.keys();
			if (oldest !== undefined) accounts.delete(oldest);
			return account;
		},
	};
}
