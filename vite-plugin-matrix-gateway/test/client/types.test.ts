import * as v from "valibot";
import { expectTypeOf, it } from "vitest";
import type {
	AgentInfo,
	ClientState,
	MatrixClient,
	MatrixClientOptions,
	MatrixMessage,
	ReceiptStatus,
	Retain,
	WebSocketConstructor,
} from "../../src/client/index.ts";
import { createMatrixClient } from "../../src/client/index.ts";
import { byType, matrixMessage, schemas } from "../../src/messages/index.ts";

declare module "../../src/client/messages.ts" {
	interface MatrixMessages {
		weather: { readonly sky: "clear" | "rain" };
	}
}

const ORIGIN = { x: 0, z: 0 };

/** Compiled, never called. */
export function useClient(client: MatrixClient): void {
	client.on("bark", ({ type, text, emotion }) => {
		expectTypeOf(type).toEqualTypeOf<"bark">();
		expectTypeOf(text).toEqualTypeOf<string>();
		expectTypeOf(emotion).toEqualTypeOf<
			"calm" | "excited" | "uncertain" | undefined
		>();
	});
	client.on("weather", ({ sky }) =>
		expectTypeOf(sky).toEqualTypeOf<"clear" | "rain">(),
	);
	client.on("gateway_error", ({ code }) =>
		expectTypeOf(code).toExtend<string>(),
	);
	client.on("*", (message) =>
		expectTypeOf(message).toEqualTypeOf<MatrixMessage>(),
	);
	client.on("never_heard_of", ({ anything }) =>
		expectTypeOf(anything).toEqualTypeOf<unknown>(),
	);

	client.send({ type: "bark", agentId: "timmy", text: "Hi", extra: 1 });
	client.send({ type: "never_heard_of", anything: [1] });
	client.sendTo("timmy", { type: "weather", sky: "rain" });
	// @ts-expect-error a bark has a text
	client.send({ type: "bark", agentId: "timmy" });
	// @ts-expect-error this is not a sky
	client.sendTo("timmy", { type: "weather", sky: "green" });
	// @ts-expect-error a message has a type
	client.send({ text: "Hi" });

	client.send({
		type: "scene_add",
		id: "tree-1",
		rotation: 1.5,
		glow: 0.5,
		scale: { x: 1, y: 2, z: 1 },
		retain: { key: "scene/tree-1", append: true },
	});
	client.send({ type: "scene_update", id: "tree-1", scale: 2 });
	client.send({ type: "scene_clear", retain: { clear: "scene/" } });
	client.send({
		type: "never_heard_of",
		retain: { key: "mine", scope: "agent" },
	});
	client.sendTo("timmy", {
		...{ type: "visitor_message", text: "Hi", name: "Ada" },
		...{ receipt: "m-1", reply_to: "q-1", in_reply_to: "q-0" },
	} as const);
	client.on("zone_add", ({ color, retain }) => {
		expectTypeOf(color).toEqualTypeOf<string | undefined>();
		expectTypeOf(retain).toEqualTypeOf<Retain | undefined>();
	});
	client.on("task_action", ({ action }) =>
		expectTypeOf(action).toEqualTypeOf<string | undefined>(),
	);
	// @ts-expect-error a number or three
	client.send({ type: "scene_add", id: "a", scale: "2" });
	// @ts-expect-error radians
	client.send({ type: "scene_add", id: "a", rotation: "90deg" });
	// @ts-expect-error a number
	client.send({ type: "scene_add", id: "a", glow: true });
	// @ts-expect-error a colour is a text
	client.send({ type: "zone_add", id: "a", position: ORIGIN, color: 255 });
	// @ts-expect-error a name is a text
	client.send({ type: "visitor_message", text: "Hi", name: 1 });
	// @ts-expect-error neither key nor clear
	client.send({ type: "x", retain: { scope: "world" } });
	// @ts-expect-error both key and clear
	client.send({ type: "x", retain: { key: "a", clear: "a" } });
	// @ts-expect-error no such scope
	client.send({ type: "x", retain: { key: "a", scope: "page" } });
	// @ts-expect-error a receipt is a text
	client.sendTo("timmy", { type: "x", receipt: 1 });
	// @ts-expect-error as is what is answered
	client.sendTo("timmy", { type: "x", in_reply_to: 1 });
	// Passing on what came, known or not, takes no cast.
	client.on("*", (message) => void client.send(message));
	client.on("bark", (message) => void client.send(message));

	client.on("agent_message", (message) => {
		if (message.reply_to)
			client.reply(message, { type: "agent_message", text: "Yes." });
	});
	client.on("*", (message) => void client.reply(message, { type: "x" }));
	expectTypeOf(
		client.request("timmy", { type: "agent_message", text: "?" }),
	).resolves.toEqualTypeOf<MatrixMessage>();

	expectTypeOf(
		client.deliver("timmy", { type: "agent_message", text: "Done." }),
	).resolves.toEqualTypeOf<"delivered" | "offline" | "dropped">();
	client.on("gateway_receipt", ({ status }) =>
		expectTypeOf(status).toEqualTypeOf<ReceiptStatus>(),
	);

	expectTypeOf(client.agents).toEqualTypeOf<ReadonlyMap<string, AgentInfo>>();
	const describeState = (state: ClientState): string => {
		if (state.status === "offline") return `${state.retryIn}`;
		if (state.status === "refused") return state.reason;
		if (state.status === "online") return `${state.resumed}: ${state.reason}`;
		expectTypeOf(state.status).toEqualTypeOf<"connecting" | "resuming">();
		return state.status;
	};
	expectTypeOf(describeState(client.state)).toEqualTypeOf<string>();
}

const weather = v.looseObject({
	type: v.literal("storm"),
	knots: v.pipe(v.string(), v.transform(Number)),
});

/** Compiled, never called: what a schema says is what is heard and may be said. */
export function useSchema(): void {
	const url = "ws://gateway.test";
	const checked = createMatrixClient({
		url,
		schema: byType({ ...schemas, storm: weather }),
		onInvalid: (message, issues) => {
			expectTypeOf(message).toEqualTypeOf<MatrixMessage>();
			expectTypeOf(issues[0]?.message).toEqualTypeOf<string | undefined>();
		},
	});
	checked.on("storm", ({ type, knots, reply_to }) => {
		expectTypeOf(type).toEqualTypeOf<"storm">();
		expectTypeOf(knots).toEqualTypeOf<number>();
		expectTypeOf(reply_to).toEqualTypeOf<string | undefined>();
	});
	checked.on("bark", ({ text }) => expectTypeOf(text).toEqualTypeOf<string>());
	checked.on("gateway_error", ({ code }) =>
		expectTypeOf(code).toExtend<string>(),
	);
	checked.on("never_heard_of", (message) =>
		expectTypeOf(message).toEqualTypeOf<MatrixMessage>(),
	);
	checked.send({ type: "storm", knots: "40" });
	checked.send({ type: "bark", text: "Hi" });
	// @ts-expect-error what is said is what the schema takes, not what it gives
	checked.send({ type: "storm", knots: 40 });
	// @ts-expect-error a bark has a text
	checked.send({ type: "bark" });

	const documented = createMatrixClient({ url, schema: matrixMessage });
	documented.on("bark", ({ emotion }) =>
		expectTypeOf(emotion).toEqualTypeOf<
			"calm" | "excited" | "uncertain" | undefined
		>(),
	);
	documented.on("weather", ({ sky }) =>
		expectTypeOf(sky).toEqualTypeOf<"clear" | "rain">(),
	);
	// @ts-expect-error a position has three numbers, or two
	documented.send({ type: "agent_move", position: { x: 1 } });
	expectTypeOf(documented).toExtend<MatrixClient>();

	const own = createMatrixClient({
		url,
		schema: v.variant("type", [
			weather,
			v.looseObject({ type: v.literal("bark"), loud: v.boolean() }),
		]),
	});
	own.on("bark", ({ loud }) => expectTypeOf(loud).toEqualTypeOf<boolean>());
	// @ts-expect-error its barks are others
	own.send({ type: "bark", text: "Hi" });

	const options: MatrixClientOptions = { url };
	expectTypeOf(createMatrixClient(options)).toEqualTypeOf<MatrixClient>();
}

it("takes the WebSocket of ws", async () => {
	const { WebSocket } = await import("ws");
	expectTypeOf(WebSocket).toExtend<WebSocketConstructor>();
});
