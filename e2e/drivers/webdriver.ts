/** WebDriver over HTTP, as far as it is needed: https://www.w3.org/TR/webdriver2 */

/** Sends a command below a URL, and resolves to its value. */
export type Command = <R = unknown>(
	method: "GET" | "POST" | "DELETE",
	path: string,
	parameters?: object,
) => Promise<R>;

export function commandsTo(url: string): Command {
	return async <R>(method: string, path: string, parameters: object = {}) => {
		const body = method === "POST" ? JSON.stringify(parameters) : null;
		const response = await fetch(url + path, { method, body });
		const { value } = (await response.json()) as { value: R & Failure };
		if (!response.ok)
			throw new Error(`${method} ${path}: ${value.error}. ${value.message}`);
		return value;
	};
}

interface Failure {
	readonly error?: string;
	readonly message?: string;
}
