/** Connects, has a link served until it ends, and connects again, for ever [ORD15]. */
import { setTimeout as pause } from "node:timers/promises";
import { type Address, movedTo } from "./address.ts";
import type { Connect } from "./connection.ts";
import { type Link, openLink } from "./link.ts";

export interface Lines {
	readonly isOpen: boolean;
	/** Something was done on the link of now: the next failure counts as the first. */
	worked(): void;
	/** Ends the link of now; there is no other. */
	end(): Promise<void>;
}

export interface LinesParts {
	readonly address: Address;
	readonly connect: Connect;
	/** Does on a link what is to be done, until it rejects; resolves where nothing more is to be done on any. */
	serve(link: Link): Promise<void>;
	/** What went wrong, in a sentence that everybody may read. */
	trouble(reason: string): void;
}

/** Milliseconds: anything up to a ceiling that doubles, so that nodes do not all come back at once. */
const SHORTEST = 100;
const LONGEST = 3_000;

export function createLines(parts: LinesParts): Lines {
	const { connect, serve, trouble } = parts;
	let { address } = parts;
	const ending = new AbortController();
	let link: Link | undefined;
	let failures = 0;
	const running = run();

	async function run(): Promise<void> {
		// Not before its maker has returned.
		await Promise.resolve();
		while (!ending.signal.aborted) {
			try {
				link = await openLink(connect, address);
				if (ending.signal.aborted) break;
				await serve(link);
				break;
			} catch (error) {
				if (ending.signal.aborted) break;
				await failed(error as Error);
			} finally {
				link?.end(new Error("it is not used any more"));
				link = undefined;
			}
		}
	}

	async function failed(error: Error): Promise<void> {
		const moved = /^MOVED \d+ (.+):(\d+)$/.exec(error.message);
		if (moved) {
			const [, host = "", port = ""] = moved;
			// Without a host it is the one that was asked.
			if (host) address = movedTo(address, host, port);
			return;
		}
		trouble(sentenceOf(error));
		address = parts.address;
		const ceiling = Math.min(LONGEST, SHORTEST * 2 ** failures++);
		await pause(Math.random() * ceiling, undefined, {
			signal: ending.signal,
		}).catch(() => {});
	}

	return {
		get isOpen() {
			return link?.isOpen ?? false;
		},
		worked() {
			failures = 0;
		},
		async end() {
			ending.abort();
			link?.end(new Error("the gateway has ended"));
			await running;
		},
	};
}

/** What an operator can do something about, and everybody may read: no address, and nothing that was sent. */
function sentenceOf(error: Error): string {
	const { message } = error;
	const { code } = error as NodeJS.ErrnoException;
	if (code !== undefined) return `Redis cannot be reached (${code})`;
	const known = SENTENCES.find(([pattern]) => pattern.test(message));
	return known ? known[1] : `Redis: ${message}`;
}

const SENTENCES: readonly (readonly [RegExp, string])[] = [
	[
		/^(WRONGPASS|NOAUTH|ERR AUTH|ERR invalid password)/,
		"Redis refuses the user or the password",
	],
	[/^NOPERM/, "the user may not do in Redis what is needed"],
	[/unknown command/i, "Redis has not the commands that are needed; 7 has"],
	[/Invalid stream ID/, "Redis is older than 7, which is needed"],
	[/Socket closed|line was cut/i, "Redis has closed the connection"],
	[/Connection timeout/, "Redis cannot be reached"],
];
