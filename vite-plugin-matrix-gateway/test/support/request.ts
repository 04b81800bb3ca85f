/** HTTP requests with any header, which `fetch` does not allow. */
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";

export interface Answer {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

export function request(
	url: string,
	headers: Readonly<Record<string, string>> = {},
	method = "GET",
): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const sent = httpRequest(url, { headers, method, agent: false });
		sent.on("error", reject);
		sent.on("response", (response) => {
			let body = "";
			response.setEncoding("utf8").on("data", (text) => {
				body += text;
			});
			response.on("end", () => {
				const { statusCode: status = 0, headers } = response;
				resolve({ status, headers, body });
			});
		});
		sent.end();
	});
}
