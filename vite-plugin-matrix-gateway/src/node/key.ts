import { createHash } from "node:crypto";

/** What a token is known by, from which nobody finds it: the SHA-256 of its UTF-8, in base64url. */
export function keyOf(token: string): string {
	return createHash("sha256").update(token).digest("base64url");
}
