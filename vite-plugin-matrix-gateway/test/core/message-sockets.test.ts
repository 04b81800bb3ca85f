/** Hosts whose sockets have no more than they must: messages out, ping and close; or frames and the same. */
import { describe, expect, test } from "vitest";
import type { Socket } from "../../src/core/edge/host.ts";
import { createGateway } from "../../src/core/gateway.ts";
import { fromFrames } from "./support/frame.ts";
import { createFakeHost } from "./support/host.ts";

const OPTIONS = { flushWindow: 0, heartbeatInterval: 0, closeTimeout: 1_000 };

type Types = readonly unknown[];

/** A socket, and the types of the messages that it was given. */
interface Recorded {
	readonly socket: Socket;
	types(): Types;
}

function typeOf(text: string): unknown {
	return JSON.parse(text).type;
}

function messageSocket(more: Partial<Socket> = {}): Recorded {
	const messages: Uint8Array[] = [];
	return {
		socket: {
			send: (message) => void messages.push(message),
			ping() {},
			close() {},
			...more,
		},
		types: () =>
			messages.map((bytes) => typeOf(new TextDecoder().decode(bytes))),
	};
}

function frameSocket(more: Partial<Socket> = {}): Recorded {
	const writes: Uint8Array[] = [];
	return {
		socket: {
			writeFrames(frames) {
				writes.push(frames);
				return 0;
			},
			ping() {},
			close() {},
			...more,
		},
		types: () =>
			writes.flatMap((frames) => fromFrames(frames, false)).map(typeOf),
	};
}

/** A gateway whose host makes frames, or one whose host makes none. */
function arrange(makesFrames: boolean) {
	const host = createFakeHost();
	const services = makesFrames
		? { ...host, compress: undefined }
		: { ...host, encode: undefined, compress: undefined };
	const gateway = createGateway(services, OPTIONS);
	return {
		gateway,
		host,
		open(socket: Socket) {
			const handle = gateway.open(socket);
			return {
				...{ closed: (code: number) => handle.closed(code) },
				send(message: object) {
					const text = JSON.stringify(message);
					handle.receive(new TextEncoder().encode(text), false);
					host.turn();
				},
			};
		},
	};
}

const REGISTER = { type: "agent_register", agentId: "timmy" };

describe.each([
	["a host that makes no frames", false, messageSocket],
	["a host that makes frames", true, frameSocket],
] as const)("%s", (_, makesFrames, create) => {
	test("RT1 RT5 gives a socket with no more than it must have all that it is to get", () => {
		const { open } = arrange(makesFrames);
		const { socket, types } = create();
		const other = create();
		open(socket).send(REGISTER);
		const sender = open(other.socket);
		for (const type of ["a", "b", "ping"]) sender.send({ type });
		expect(types()).toEqual(["agent_registered", "agent_joined", "a", "b"]);
		expect(other.types()).toEqual(["gateway_hello", "pong"]);
	});

	test("RT1 gives a socket that could do both what the host makes", () => {
		const { open } = arrange(makesFrames);
		const { socket, types } = create(
			makesFrames
				? { send: () => expect.unreachable() }
				: { writeFrames: () => expect.unreachable() },
		);
		open({ terminate() {}, bufferedBytes: 0, ...socket }).send(REGISTER);
		expect(types()).toEqual(["agent_registered", "agent_joined"]);
	});

	test("SLOW3 closes again who does not answer, where it cannot be cut off", () => {
		const { open, host } = arrange(makesFrames);
		const codes: number[] = [];
		const { socket } = create({ close: (code) => void codes.push(code) });
		const loser = open(socket);
		loser.send(REGISTER);
		open(create().socket).send(REGISTER);
		expect(codes).toEqual([4009]);
		host.advance(OPTIONS.closeTimeout);
		expect(codes).toEqual([4009, 1011]);
		loser.closed(4009);
	});

	test("SLOW2 looks at what a socket says that was taken", () => {
		const { open, host, gateway } = arrange(makesFrames);
		let takenBytes = 0;
		const closed: number[] = [];
		const slow = {
			get bufferedBytes() {
				return 1_000;
			},
			get takenBytes() {
				return takenBytes;
			},
			...{ close: (code: number) => void closed.push(code) },
		};
		const { socket } = create();
		open(Object.assign(slow, { ...socket, close: slow.close })).send(REGISTER);
		for (let second = 0; second < 60; second++) {
			takenBytes++;
			host.advance(1_000);
		}
		expect(closed).toEqual([]);
		host.advance(60_000);
		expect(closed).toEqual([4201, 1011]);
		expect(gateway.status().totals.tooSlow).toBe(1);
	});

	test("is told of a socket that does not go with it", () => {
		const { gateway } = arrange(makesFrames);
		const wrong = makesFrames ? messageSocket() : frameSocket();
		expect(() => gateway.open(wrong.socket)).toThrow(
			makesFrames ? /`encode`.*`writeFrames`/ : /`encode`.*`send`/,
		);
		expect(gateway.status().connections).toBe(0);
	});
});
