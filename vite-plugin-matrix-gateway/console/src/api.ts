/** What the page asks its gateway, with the token in a header: never in an address, which ends up in logs. */

/** What was answered instead of what was asked for. */
export class Refusal extends Error {
	readonly status: number;

	constructor(status: number, reason: string) {
		super(reason);
		this.status = status;
	}
}

const KEY = "matrix-console-token";

/** For as long as this tab is open. */
export function readToken(): string | undefined {
	return sessionStorage.getItem(KEY) ?? undefined;
}

export function keepToken(token: string): void {
	sessionStorage.setItem(KEY, token);
}

export function forgetToken(): void {
	sessionStorage.removeItem(KEY);
}

interface Asking {
	readonly world?: string;
	/** Makes it a POST. */
	readonly body?: unknown;
	readonly signal?: AbortSignal;
}

/**
 * Asks for a path below the console's own.
 * @throws Refusal where the gateway does not do it.
 * @throws TypeError where it does not answer.
 */
export async function ask(
	path: string,
	{ world, body, signal }: Asking = {},
): Promise<Response> {
	const url = new URL(`./api/${path}`, document.baseURI);
	if (world !== undefined) url.searchParams.set("world", world);
	const token = readToken();
	const isPost = body !== undefined;
	const response = await fetch(url, {
		method: isPost ? "POST" : "GET",
		...(isPost && { body: JSON.stringify(body) }),
		...(signal && { signal }),
		headers: {
			...(token !== undefined && { authorization: `Bearer ${token}` }),
			...(isPost && { "content-type": "application/json" }),
		},
		cache: "no-store",
	});
	if (response.ok) return response;
	throw new Refusal(response.status, await reasonOf(response));
}

async function reasonOf(response: Response): Promise<string> {
	try {
		const { error } = await response.json();
		return typeof error === "string" ? error : response.statusText;
	} catch {
		return response.statusText;
	}
}

/** What went wrong, for a person. */
export function toReason(error: unknown): string {
	if (error instanceof Refusal) return error.message;
	return "the gateway does not answer";
}
