/**
 * Tells of each request over HTTP/1 that a server has read, also of those that it refuses by itself, of which it emits no `request`, and
 * where a host has taken all listeners of that off.
 */
import { subscribe } from "node:diagnostics_channel";
import type { Duplex } from "node:stream";

type Listener = (socket: Duplex) => void;

/** The channel never forgets who listens to it, so it knows nobody's server. */
const listeners = new WeakMap<object, Set<Listener>>();
let isSubscribed = false;

/** Tells whose request it was. Returns what ends that. */
export function onRequestStart(server: object, listener: Listener): () => void {
	if (!isSubscribed) subscribe("http.server.request.start", tell);
	isSubscribed = true;
	const all = listeners.get(server) ?? new Set();
	listeners.set(server, all.add(listener));
	return () => void all.delete(listener);
}

function tell(message: unknown): void {
	const { server, socket } = message as { server: object; socket: Duplex };
	for (const listener of listeners.get(server) ?? []) listener(socket);
}
