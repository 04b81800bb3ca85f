/** All that the demo's agents say is as the documents say, and as other languages read them. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Ajv2020 } from "ajv/dist/2020.js";
import {
	createMatrixClient,
	type MatrixClientOptions,
} from "vite-plugin-matrix-gateway/client";
import schema from "vite-plugin-matrix-gateway/schemas/matrix-message.json";
import { attach, createGateway } from "vite-plugin-matrix-gateway/server";
import { afterAll, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import * as perplexity from "../agents/perplexity.ts";
import * as timmy from "../agents/timmy.ts";

interface Said {
	readonly type: string;
}

const said: Said[] = [];

// Their days take no longer than what they say in them.
vi.mock("node:timers/promises", async (original) => {
	const { setTimeout } =
		await original<typeof import("node:timers/promises")>();
	return {
		setTimeout: (_: number, value: unknown, options: object) =>
			setTimeout(1, value, options),
	};
});

function recorded(
	schema: NonNullable<MatrixClientOptions["schema"]>,
): typeof schema {
	const { validate, ...props } = schema["~standard"];
	return {
		"~standard": {
			...props,
			validate(value) {
				said.push(value as Said);
				return validate(value);
			},
		},
	};
}

/** What a day of theirs has, and its end. */
const TYPES = [
	"agent_state",
	"agent_move",
	"agent_behavior",
	"bark",
	"agent_message",
	"scene_batch",
	"zone_add",
	"world_register",
	"task_created",
	"task_update",
	"payment_flow",
	"visitor_message",
	"zone_remove",
	"world_unregister",
];

const http = createServer();
const gateway = createGateway();
const ajv = new Ajv2020({ allowUnionTypes: true });

/** The demo as Vite runs it; returns its end. */
function startDemo(url: string): () => void {
	const stopping = new AbortController();
	const { signal } = stopping;
	for (const { agentId, role, schema, default: live } of [timmy, perplexity]) {
		// What their schema judges is what they say, and what they hear of each other.
		const options = { url, WebSocket, schema: recorded(schema) };
		const client = createMatrixClient({ ...options, agentId, role });
		void Promise.resolve(live(client, { agentId, signal }))
			.catch(() => {})
			.finally(() => client.dispose());
	}
	return () => stopping.abort();
}

afterAll(async () => {
	await gateway.close();
	http.close();
});

it("is valid, whatever they do", async () => {
	const seen = (types: readonly string[]) => {
		const all = new Set(said.map(({ type }) => type));
		return types.filter((type) => !all.has(type));
	};
	attach(http, gateway);
	http.listen(0, "127.0.0.1");
	await once(http, "listening");
	const { port } = http.address() as AddressInfo;
	const url = `ws://127.0.0.1:${port}/ws/matrix`;
	const stop = startDemo(url);
	using visitor = createMatrixClient({ url, WebSocket });
	visitor.send({ type: "visitor_message", text: "A tree, please" });
	visitor.send({ type: "visitor_message", text: 7 } as never);
	await vi.waitFor(() => expect(seen(TYPES.slice(0, -2))).toEqual([]), 20_000);
	stop();
	await vi.waitFor(() => expect(seen(TYPES)).toEqual([]), 20_000);

	const validate = ajv.compile(schema);
	const invalid = said.filter((message) => !validate(message));
	// That of the visitor, which each of the two refuses.
	expect(invalid).toEqual(
		[1, 2].map(() => ({ type: "visitor_message", text: 7 })),
	);
});
