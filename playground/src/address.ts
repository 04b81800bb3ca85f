/** What a page is told by its own address. */
import { tokenInFragment } from "./token.ts";

/** The gateway's token, from `#token=`: the part after # is sent to no server, and a reload finds it there. */
export function tokenInAddress(): string | undefined {
	return tokenInFragment(location.hash);
}

/** The agent that the page is to be, from `?as=`; without it the page is a viewer. */
export function agentInAddress(): string | undefined {
	return new URLSearchParams(location.search).get("as") || undefined;
}
