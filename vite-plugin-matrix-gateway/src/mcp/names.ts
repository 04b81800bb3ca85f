/** Whose agent a request means, and what that is called. */
import { createHash } from "node:crypto";
import type { Grant } from "../core/protocol/grant.ts";
import { isOnList } from "../core/protocol/names.ts";

/** What a request tells. */
export interface Shown {
	/** The name that its address asks for. */
	readonly asked: string | undefined;
	/** Of an older client: which of its sessions it is. */
	readonly session: string | undefined;
	readonly grant: Grant;
}

/**
 * The name that was asked for; else the one that its token has; else one that its token allows, and that is
 * always the same for the same token and session.
 */
export function agentIdOf({ asked, session, grant }: Shown): string {
	if (asked !== undefined) return asked;
	const { agents = ["*"], key } = grant;
	const own = agents.find((name) => !name.endsWith("*"));
	if (own !== undefined) return own;
	const pattern = agents[0]?.slice(0, -1) ?? "";
	if (session === undefined && key === undefined) return `${pattern}mcp-guest`;
	return `${pattern}mcp-${shortDigest(JSON.stringify([key, session]))}`;
}

/** The gateway's own default where the token allows it. */
export function roleOf({ roles }: Grant): string {
	if (isOnList(roles, USUAL)) return USUAL;
	return roles?.find((role) => !role.endsWith("*")) ?? USUAL;
}

const USUAL = "agent";

/** The key is the digest of a token, and is not to be shown either. */
function shortDigest(text: string): string {
	return createHash("sha256").update(`mcp ${text}`).digest("hex").slice(0, 8);
}
