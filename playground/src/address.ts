/** What the page's own address says. */
import {
	DEFAULT_WORLD,
	isWorldName,
} from "vite-plugin-matrix-gateway/protocol";
import { tokenInFragment } from "./token.ts";

/** The gateway's token, from `#token=`: the part after # is sent to no server, and a reload finds it there. */
export function tokenInAddress(): string | undefined {
	return tokenInFragment(location.hash);
}

/** The world that the page shows, from `?world=`; without it, or where that is no name, the default one. */
export function worldInAddress(): string {
	const name = new URLSearchParams(location.search).get("world");
	return isWorldName(name) ? name : DEFAULT_WORLD;
}

/** The page's own address, but as another agent, or as none. */
export function addressAs(agentId: string | undefined): string {
	const address = new URL(location.href);
	if (agentId === undefined) address.searchParams.delete("as");
	else address.searchParams.set("as", agentId);
	return address.href;
}

/** The agent as which the page registers, from `?as=`; without it the page is a viewer. */
export function agentInAddress(): string | undefined {
	return new URLSearchParams(location.search).get("as") || undefined;
}
