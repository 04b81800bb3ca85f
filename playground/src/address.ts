/** What the page's own address says. */
import { tokenInFragment } from "./token.ts";

/** The gateway's token, from `#token=`: the part after # is sent to no server, and a reload finds it there. */
export function tokenInAddress(): string | undefined {
	return tokenInFragment(location.hash);
}

/** The agent as which the page registers, from `?as=`; without it the page is a viewer. */
export function agentInAddress(): string | undefined {
	return new URLSearchParams(location.search).get("as") || undefined;
}
