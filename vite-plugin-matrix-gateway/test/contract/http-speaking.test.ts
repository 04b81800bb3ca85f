/** The gateway without a WebSocket: messages by POST, and events [HTTP7, HTTP9]. */
import { afterEach, describe, expect, test } from "vitest";
import { type EventReader, readEvents } from "../support/event-source.ts";
import { useGateway } from "../support/gateway.ts";
import { HOSTS } from "../support/hosts.ts";
import { until } from "../support/until.ts";

const TOKEN = "s3cret";
const BEARER = { authorization: `Bearer ${TOKEN}` };

describe.each(HOSTS)("HTTP without a WebSocket on $name", (host) => {
	const gateway = useGateway(host, { token: TOKEN, worlds: ["garden"] });
	const readers: EventReader[] = [];

	// Before the gateway's own, which awaits that nobody is left.
	afterEach(() => {
		for (const reader of readers.splice(0)) reader.close();
	});

	function post(body: unknown, query = "", headers: object = BEARER) {
		return fetch(`${gateway.httpUrl}/api/gateway/messages${query}`, {
			method: "POST",
			headers: { "content-type": "application/json", ...headers },
			body: JSON.stringify(body),
		});
	}

	async function listen(query = "", lastId?: string) {
		const url = `${gateway.httpUrl}/api/gateway/events${query}`;
		const reader = await readEvents(url, {
			accept: "text/event-stream",
			...(lastId !== undefined && { "last-event-id": lastId }),
		});
		readers.push(reader);
		return reader;
	}

	test("HTTP7 what is posted is done in its order, with the results", async () => {
		const timmy = await gateway.agent("timmy");
		const viewer = await gateway.viewer();
		const answer = await post([
			{ type: "bark", n: 1 },
			{ type: "note", target_id: "timmy", receipt: "m-1" },
			{ type: "note", target_id: "nobody" },
			{ type: "bark", n: 2 },
		]);
		expect(answer.status).toBe(200);
		expect(await answer.json()).toEqual({
			results: [
				{ ok: true },
				{ receipt: { id: "m-1", status: "delivered", target_id: "timmy" } },
				{ error: expect.objectContaining({ code: "target_offline" }) },
				{ ok: true },
			],
		});
		expect(await timmy.next("bark")).toMatchObject({ n: 1 });
		await timmy.next("note");
		expect(await timmy.next("bark")).toMatchObject({ n: 2 });
		for (const n of [1, 2])
			expect(await viewer.next("bark")).toMatchObject({ n });
	});

	test("HTTP7 HTTP9 a world is by its name, and a token is asked for", async () => {
		const there = await listen(`?world=garden&token=${TOKEN}`);
		await there.message("gateway_hello");
		const here = await listen(`?token=${TOKEN}`);
		await here.message("gateway_hello");
		expect((await post({ type: "bark" }, "?world=garden")).status).toBe(200);
		expect((await post({ type: "note" })).status).toBe(200);
		await there.message("bark");
		await here.message("note");
		expect((await post({ type: "bark" }, "", {})).status).toBe(401);
		expect((await listen()).status).toBe(401);
		expect((await listen(`?world=nowhere&token=${TOKEN}`)).status).toBe(404);
	});

	test("HTTP10 who listens goes on after a drop where it was", async () => {
		const timmy = await gateway.agent("timmy");
		const first = await listen(`?token=${TOKEN}`);
		expect(await first.message("gateway_hello")).toMatchObject({
			agents: [{ agentId: "timmy" }],
		});
		timmy.send({ type: "bark", n: 0 });
		await first.message("bark");
		const { lastId } = first;
		first.close();
		await until(
			() => gateway.status(),
			({ viewers }) => viewers === 0,
		);
		for (let n = 1; n <= 3; n++) timmy.send({ type: "bark", n });
		await timmy.expectNothing();
		const second = await listen(`?token=${TOKEN}`, lastId);
		expect(await second.named("resumed")).toEqual({ missed: 3 });
		for (let n = 1; n <= 3; n++)
			expect(await second.message("bark")).toMatchObject({ n });
		const other = await listen(`?token=${TOKEN}`, "x:1");
		expect(await other.named("lost")).toEqual({ reason: "unknown" });
		await other.message("gateway_hello");
	});

	test("HTTP11 HTTP12 the document is there, and the operator's paths are for operators", async () => {
		const url = `${gateway.httpUrl}/api/gateway`;
		const document = await fetch(`${url}/openapi.json`);
		expect(await document.json()).toMatchObject({
			openapi: expect.stringMatching(/^3\.1/),
		});
		for (const path of ["disconnect", "revoke"]) {
			const answer = await fetch(`${url}/${path}`, {
				method: "POST",
				headers: { "content-type": "application/json", ...BEARER },
				body: JSON.stringify({ agentId: "timmy", token: TOKEN }),
			});
			expect(answer.status).toBe(403);
		}
	});
});
