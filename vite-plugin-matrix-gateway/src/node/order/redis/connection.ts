/** One connection to a Redis: the only file that knows the package which speaks to it. */
import type { RedisClientOptions } from "@redis/client";
import type { Address } from "./address.ts";

/** What Redis answers, as RESP 2 has it. Bytes are views of what was read from the socket. */
export type Reply = Buffer | string | number | null | readonly Reply[];

export interface Connection {
	/** Rejects with what Redis says, or once the connection is over. */
	ask(...words: readonly (string | Buffer)[]): Promise<Reply>;
	/** Ends it at once; what was asked and not answered rejects. Any number of times. */
	end(): void;
}

/** What tells a driver that a connection is over; once, also where `end` was called. */
export type Ended = (error: Error) => void;

/** Connects, or rejects. */
export type Connect = (address: Address, ended: Ended) => Promise<Connection>;

type NoModules = Record<string, never>;

/** Milliseconds. */
const CONNECT_TIMEOUT = 5_000;

/**
 * Connects by `@redis/client`. It neither connects again nor keeps what could not be asked: which
 * entries have to be sent again only the driver knows.
 */
export const connectToRedis: Connect = async ({ url }, ended) => {
	const { createClient, RESP_TYPES } = await loadClient();
	const options = {
		url,
		RESP: 2,
		disableOfflineQueue: true,
		maintNotifications: "disabled",
		// One right less that a user needs.
		disableClientInfo: true,
		commandOptions: {
			typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer },
			// It would be of what is not written yet, and takes a timer for each command.
			timeout: 0,
		},
		socket: {
			connectTimeout: CONNECT_TIMEOUT,
			reconnectStrategy: false,
			keepAlive: true,
		},
	} satisfies RedisClientOptions<NoModules, NoModules, NoModules, 2>;
	const client = createClient(options);
	let error: Error | undefined;
	let isOver = false;
	const end = () => {
		if (isOver) return;
		isOver = true;
		if (client.isOpen) client.destroy();
		ended(error ?? new Error("the connection was closed"));
	};
	client.on("error", (cause: Error) => {
		error ??= cause;
		// Not within what the package is doing.
		setImmediate(end);
	});
	await within(CONNECT_TIMEOUT, client.connect(), end);
	return {
		ask: (...words) => client.sendCommand<Reply>(words),
		end,
	};
};

/** A server that sleeps takes a connection and says nothing. */
async function within(
	milliseconds: number,
	work: Promise<unknown>,
	end: () => void,
): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => {
			reject(new Error(`no answer for ${milliseconds / 1000} s`));
			end();
		}, milliseconds);
	});
	try {
		await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
	}
}

/** @throws Error with a sentence for people where the package is not there. */
async function loadClient() {
	try {
		return await import("@redis/client");
	} catch (cause) {
		throw new Error(
			"redis needs the package @redis/client, which is not there: npm install @redis/client",
			{ cause },
		);
	}
}
