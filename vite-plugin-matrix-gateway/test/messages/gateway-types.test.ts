import { expectTypeOf, test } from "vitest";
import type {
	AgentRegister,
	AgentSubscribe,
	AgentUnregister,
	AuthRefresh,
	GatewayMessage,
	Ping,
} from "../../src/core/protocol/protocol.ts";
import type { FROM_GATEWAY, TO_GATEWAY } from "../../src/messages/catalogue.ts";

/** The keys of each of the messages, by its type. */
type KeysOf<M extends { readonly type: string }> = {
	readonly [T in M["type"]]: keyof Extract<M, { readonly type: T }>;
};

type KeysIn<S extends Readonly<Record<string, { readonly entries: object }>>> =
	{ readonly [T in keyof S]: keyof S[T]["entries"] };

test("what the gateway says, and what is said to it, has all the fields that the core knows", () => {
	expectTypeOf<GatewayMessage["type"]>().toExtend<keyof typeof FROM_GATEWAY>();
	expectTypeOf<KeysOf<GatewayMessage>>().toExtend<
		Partial<KeysIn<typeof FROM_GATEWAY>>
	>();
	expectTypeOf<
		KeysOf<
			AgentRegister | AgentSubscribe | AgentUnregister | AuthRefresh | Ping
		>
	>().toExtend<Partial<KeysIn<typeof TO_GATEWAY>>>();
});
