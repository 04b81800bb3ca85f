/** What a gateway on Node is beside the core's: it may go below Node's streams, and says so. */
import type { GatewayEvent } from "../core/edge/events.ts";
import type { GatewayStatus } from "../core/edge/status.ts";
import type { Gateway } from "../core/gateway.ts";
import {
	createNativeIo,
	type NativeIo,
	type NativeIoStatus,
} from "./native-io.ts";
import type { DataEvent } from "./order/data-event.ts";
import type { RedisEvent } from "./order/redis/redis-event.ts";

/** What happened, for a log. It holds no token and no payload. */
export type NodeGatewayEvent =
	| GatewayEvent
	| DataEvent
	| RedisEvent
	| {
			/** Part of what `nativeIo` is for cannot be done here; once for each reason [HTTP1]. */
			readonly event: "nativeIo";
			readonly reason: string;
	  };

/** A gateway that was made on Node. */
export interface NodeGateway extends Gateway {
	status(): NodeGatewayStatus;
}

/** What `/api/gateway/status` answers [HTTP1]. */
export interface NodeGatewayStatus extends GatewayStatus {
	readonly nativeIo: NativeIoStatus;
}

const NATIVE_IO = Symbol("native I/O");

interface Chosen {
	readonly [NATIVE_IO]?: NativeIo;
}

/** Gives a gateway what was chosen for it, and has its status tell of that. */
export function withNativeIo(
	gateway: Gateway,
	nativeIo: NativeIo,
): NodeGateway {
	const { status } = gateway;
	return Object.assign(gateway, {
		[NATIVE_IO]: nativeIo,
		status: () => ({ ...status(), nativeIo: nativeIo.status }),
	});
}

/** What was chosen for a gateway; the default for one that somebody else made. */
export function nativeIoOf(gateway: Gateway & Chosen): NativeIo {
	const chosen = gateway[NATIVE_IO];
	if (chosen) return chosen;
	byDefault ??= createNativeIo({});
	return byDefault;
}

let byDefault: NativeIo | undefined;
