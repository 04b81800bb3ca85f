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
import { demoAgents } from "../demo/plugin.ts";

interface Said {
	readonly type: string;
}

const said = vi.hoisted((): Said[] => []);

// Their days take no longer than what they say in them.
vi.mock("node:timers/promises", async (original) => {
	const { setTimeout } =
		await original<typeof import("node:timers/promises")>();
	return {
		setTimeout: (_: number, value: unknown, options: object) =>
			setTimeout(1, value, options),
	};
});

// What their schema judges is what they say, and what they hear of each other.
vi.mock("vite-plugin-matrix-gateway/client", async (original) => {
	const client =
		await original<typeof import("vite-plugin-matrix-gateway/client")>();
	return {
		...client,
		createMatrixClient: ({ schema, ...options }: MatrixClientOptions) =>
			client.createMatrixClient({
				...options,
				schema: schema && recorded(schema),
			}),
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

/** The demo as Vite starts it; returns its end. */
function startDemo(): () => void {
	const { configureServer, buildEnd } = demoAgents({ enabled: true }) as {
		configureServer(server: object): void;
		buildEnd(): void;
	};
	configureServer({ httpServer: http, config: { server: {} } });
	return buildEnd;
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
	const stop = startDemo();
	http.listen(0, "127.0.0.1");
	await once(http, "listening");
	const { port } = http.address() as AddressInfo;
	const url = `ws://127.0.0.1:${port}/ws/matrix`;
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
