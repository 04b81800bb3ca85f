/**
 * No more is read of who sends much than can be written. What is broadcast waits in memory until it was
 * the turn of all who receive, and a way round them takes the longer the more waits: where one client
 * flooded 2,000 listeners with small messages, which no machine delivers as fast as they are read, a
 * gigabyte came to wait, and each message for half a minute. What is not read waits in the kernel, and
 * slows its sender down.
 */
import type { Duplex } from "node:stream";
import type { ConnectionHandle } from "../core/edge/connection-handle.ts";

/** What is asked of the connection that a stream is of. */
export type Sender = Pick<ConnectionHandle, "hasToWait">;

/** What a stream brings is of this connection. */
export function setSender(stream: Duplex, sender: Sender): void {
	(stream as Sent)[SENDER] = sender;
}

/** Whether nothing is to be read of it now, if it sends much. */
export function hasToWait(stream: Duplex): boolean {
	return (stream as Sent)[SENDER]?.hasToWait?.() ?? false;
}

const SENDER = Symbol("sender");

type Sent = Duplex & { [SENDER]?: Sender };
