import { expectTypeOf, it } from "vitest";
import type {
	AgentInfo,
	ClientState,
	MatrixClient,
	MatrixMessage,
	ReceiptStatus,
	WebSocketConstructor,
} from "../../src/client/index.ts";

declare module "../../src/client/messages.ts" {
	interface MatrixMessages {
		weather: { readonly sky: "clear" | "rain" };
	}
}

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

it("takes the WebSocket of ws", async () => {
	const { WebSocket } = await import("ws");
	expectTypeOf(WebSocket).toExtend<WebSocketConstructor>();
});
