import { expect, it } from "vitest";
import { connect } from "../../../vite-plugin-matrix-gateway/test/support/client.ts";
import { startSidecar } from "../support/sidecar.ts";

const RIGHT = "right-s3cret";
const WRONG = "wrong-s3cret";

it("never logs a token, wherever it is, right or wrong [CON2]", async () => {
	const sidecar = await startSidecar(["--log-level=debug"], {
		env: { MATRIX_GATEWAY_TOKEN: RIGHT },
	});
	for (const token of [RIGHT, WRONG]) {
		const code = token === RIGHT ? 1000 : 4001;
		for (const offer of offersOf(token)) {
			const url = `${sidecar.wsUrl}/ws/matrix${offer.query ?? ""}`;
			const client = await connect(url, offer);
			if (token === RIGHT) client.socket.close(1000);
			expect(await client.closed).toMatchObject({ code });
		}
		await askForStatus(sidecar.httpUrl, token);
	}
	const headers = { authorization: `Bearer ${WRONG}` };
	const url = `${sidecar.wsUrl}/ws/matrix?token=${WRONG}`;
	const page = { headers, origin: "http://page.test" };
	await expect(connect(url, page)).rejects.toThrow("HTTP 403");
	await expect(
		connect(`${sidecar.wsUrl}/elsewhere?token=${RIGHT}`),
	).rejects.toThrow("HTTP 404");

	expect(await sidecar.child.exit("SIGTERM")).toBe(0);
	expect(eventsOf(sidecar.lines())).toEqual({
		listening: 1,
		connected: 3,
		disconnected: 3,
		refused: 5,
		request: 2,
		signal: 1,
		stopped: 1,
	});
	expect(sidecar.child.logs()).not.toMatch(/s3cret|token=/);
	expect(sidecar.child.logs()).not.toContain(encoded(RIGHT));
	expect(sidecar.child.logs()).not.toContain(encoded(WRONG));
});

/** The three places of a token. */
function offersOf(token: string): {
	query?: string;
	headers?: Record<string, string>;
	protocols?: string[];
}[] {
	return [
		{ query: `?token=${token}` },
		{ headers: { authorization: `Bearer ${token}` } },
		{ protocols: ["matrix.v1", `matrix.token.${encoded(token)}`] },
	];
}

async function askForStatus(httpUrl: string, token: string): Promise<void> {
	const response = await fetch(`${httpUrl}/api/gateway/status?token=${token}`);
	expect(response.status).toBe(token === RIGHT ? 200 : 401);
	expect(await response.text()).not.toContain(token);
}

function encoded(token: string): string {
	return Buffer.from(token).toString("base64url");
}

function eventsOf(lines: readonly Readonly<Record<string, unknown>>[]) {
	const counts: Record<string, number> = {};
	for (const { event } of lines)
		counts[String(event)] = (counts[String(event)] ?? 0) + 1;
	return counts;
}
