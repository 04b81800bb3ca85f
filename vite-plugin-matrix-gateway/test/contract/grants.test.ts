/** What a grant allows [GRANT1]: each of its fields with each action, on hosts that give grants. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Grant } from "../../src/core/protocol/grant.ts";
import { connect, type Message, type TestClient } from "../support/client.ts";
import { readEvents } from "../support/event-source.ts";
import type { Status } from "../support/gateway.ts";
import { GRANTING_HOSTS } from "../support/granting-hosts.ts";
import type { RunningHost } from "../support/host.ts";
import { until } from "../support/until.ts";
import { ACTIONS } from "./granting/actions.ts";
import { GRANT_ROWS } from "./granting/grants.ts";
import { OPERATING } from "./granting/http-actions.ts";
import { drain, type Outcome, type Scene } from "./granting/scene.ts";

/** A token of each row, and one that may do all. */
const ALL = "all";
const TOKENS: Readonly<Record<string, Grant>> = Object.fromEntries([
	[ALL, {}],
	...GRANT_ROWS.map(({ grant }, row) => [`row-${row}`, grant]),
]);

const CASES = GRANT_ROWS.flatMap(({ name, grant, outcomes }, row) =>
	Object.entries(ACTIONS).map(([action, tried]) => ({
		...{ name, action, tried, token: `row-${row}` },
		outcome: outcomes[action] ?? usual(action, grant),
	})),
);

/** What an operator does has to be given; all else has to be taken. */
function usual(action: string, { operate }: Grant): Outcome {
	return action in OPERATING && !operate ? "forbidden" : "done";
}

test("the rows speak of actions that there are", () => {
	for (const { outcomes } of GRANT_ROWS)
		for (const action of Object.keys(outcomes))
			expect(Object.keys(ACTIONS)).toContain(action);
});

describe.each(GRANTING_HOSTS)("what a grant allows on $name", (host) => {
	const clients: TestClient[] = [];
	let running: RunningHost;

	beforeAll(async () => {
		running = await host.start(TOKENS, {
			...{ worlds: ["garden", "plaza"], retain: "matrix" },
		});
		await until(
			() => statusOf(ALL, "garden"),
			({ status }) => status === 200,
		);
	});
	afterEach(async () => {
		await tidyUp();
		for (const { socket } of clients.splice(0)) socket.close(1000);
		await until(namesIn, (names) => names.length === 0);
	});
	afterAll(() => running?.stop());

	function statusOf(token: string, world: string): Promise<Response> {
		const headers = { authorization: `Bearer ${token}` };
		const path = `/api/gateway/status?world=${world}`;
		return fetch(running.httpUrl + path, { headers });
	}

	async function namesIn(): Promise<readonly unknown[]> {
		const response = await statusOf(ALL, "garden");
		const { agents } = (await response.json()) as Pick<Status, "agents">;
		return agents.map(({ agentId }) => agentId);
	}

	/** Nothing is retained for the next test, and nobody waits for a client. */
	async function tidyUp(): Promise<void> {
		const client = await open(ALL, "garden");
		for (const agentId of ["caretaker", ...(await namesIn())])
			client.send({ type: "agent_register", agentId });
		for (const clear of ["k", "zone/"])
			client.send({ type: "tidy", retain: { clear } });
		await drain(client);
	}

	async function open(token: string, world: string): Promise<TestClient> {
		const headers = { authorization: `Bearer ${token}` };
		const client = await connect(`${running.url}/${world}`, { headers });
		clients.push(client);
		return client;
	}

	function sceneFor(token: string): Scene {
		return {
			connect: (world = "garden") => open(token, world),
			async mallory() {
				const client = await open(token, "garden");
				await client.register("mallory", "agent");
				return client;
			},
			async agent(agentId, resume) {
				const client = await open(ALL, "garden");
				const role = "bridge";
				client.send({ type: "agent_register", agentId, role, resume });
				const ack = await client.next("agent_registered");
				if (!ack.resumed) await client.next("agent_joined");
				return { client, ack };
			},
			statusOf: async (world) => (await statusOf(token, world)).status,
			async post(path, body, world = "garden") {
				const url = `${running.httpUrl}/api/gateway/${path}?world=${world}`;
				const response = await fetch(url, {
					method: "POST",
					headers: {
						authorization: `Bearer ${token}`,
						"content-type": "application/json",
					},
					body: JSON.stringify(body),
				});
				const answer = (await response.json()) as Message;
				return { status: response.status, body: answer };
			},
			events: (world = "garden") =>
				readEvents(`${running.httpUrl}/api/gateway/events?world=${world}`, {
					authorization: `Bearer ${token}`,
				}),
		};
	}

	test.each(CASES)(
		"GRANT1 $name limited: to $action is $outcome",
		async ({ token, tried, outcome }) => {
			expect(await tried(sceneFor(token))).toBe(outcome);
		},
	);
});
