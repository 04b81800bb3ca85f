import { expect, test } from "vitest";
import { createConnection } from "../../src/core/edge/connection.ts";
import {
	Handle,
	type HandleParts,
} from "../../src/core/edge/connection-handle.ts";
import { createEveryone } from "../../src/core/world/audience.ts";
import { createBroadcastLog } from "../../src/core/world/broadcast-log.ts";
import { createFakeSocket } from "./support/socket.ts";

/** A connection of a world that is behind. */
function arrange() {
	const nothing = () => {};
	const socket = createFakeSocket({ defer: nothing, closed: nothing });
	const log = createBroadcastLog({ maxLogBytes: 0 });
	const group = { audience: createEveryone(log) };
	const live = { state: "live" } as const;
	const connection = createConnection("1", socket, {}, group, live, 0);
	const flusher = { isBehind: () => true };
	const handle = new Handle(connection, { flusher } as unknown as HandleParts);
	return { connection, handle };
}

test("CON12 HB2 who has to wait for its world lives meanwhile", () => {
	const { connection, handle } = arrange();
	connection.alive = false;
	expect(handle.hasToWait()).toBe(true);
	expect(connection.alive).toBe(true);
});

test("CON12 who is closing has to wait for nothing: its answer is to be read", () => {
	const { connection, handle } = arrange();
	connection.phase = { state: "closing", stopTimer() {} };
	connection.alive = false;
	expect(handle.hasToWait()).toBe(false);
	expect(connection.alive).toBe(false);
});
