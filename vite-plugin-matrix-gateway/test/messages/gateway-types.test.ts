import { expectTypeOf, test } from "vitest";
import type {
	AgentRegister,
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

test("what the gateway says, and what is said to it, has the fields that the core knows", () => {
	expectTypeOf<KeysIn<typeof FROM_GATEWAY>>().toEqualTypeOf<
		KeysOf<GatewayMessage>
	>();
	expectTypeOf<KeysIn<typeof TO_GATEWAY>>().toEqualTypeOf<
		KeysOf<AgentRegister | AgentUnregister | AuthRefresh | Ping>
	>();
});
