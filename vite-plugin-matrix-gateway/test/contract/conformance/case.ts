/** One case of RFC 6455: what a client sends, and all that it is to be answered with until the end. */
import { frame, OPCODE, textFrame } from "../../support/frames.ts";

export interface ConformanceCase {
	readonly name: string;
	readonly frames: readonly Buffer[];
	/** In the words of `Answers`. */
	readonly answers: readonly string[];
	/** The length of the pieces in which it is also sent; each byte by itself where it is short. */
	readonly piece?: number;
}

/** A group of Autobahn's test suite, or one beside them. */
export interface ConformanceGroup {
	readonly name: string;
	readonly cases: readonly ConformanceCase[];
}

/** What a gateway that echoes answers, in words. */
export const ANSWER = {
	text: (text: string): string => `text ${brief(text)}`,
	error: (code: string): string => `error ${code}`,
	pong: (payload: string | Buffer = ""): string =>
		`pong ${Buffer.from(payload).toString("latin1")}`,
	close: (code?: number, reason = ""): string =>
		code === undefined ? "close" : `close ${code} ${reason}`,
} as const;

/** A good end, for a case that is about what comes before it. */
export const GOODBYE: Buffer = closeFrame(1000);
export const FAREWELL: string = ANSWER.close(1000);

/** What is wrong in any other way than its text. */
export const PROTOCOL_ERROR: string = ANSWER.close(1002);
export const NOT_UTF8: string = ANSWER.close(1007);

/** A case in which nothing is wrong. */
export function good(
	name: string,
	frames: readonly Buffer[],
	answers: readonly string[],
	piece?: number,
): ConformanceCase {
	return {
		...{ name, frames: [...frames, GOODBYE], answers: [...answers, FAREWELL] },
		...(piece && { piece }),
	};
}

/** A case that fails the connection, whatever good follows. */
export function bad(
	name: string,
	frames: readonly Buffer[],
	end: string = PROTOCOL_ERROR,
	before: readonly string[] = [],
): ConformanceCase {
	return { name, frames: [...frames, AFTER], answers: [...before, end] };
}

/** Nobody may answer it. */
const AFTER = frame({ opcode: OPCODE.ping, payload: "too late" });

/** A broadcast with a text of the caller's in it. */
export function message(text = ""): string {
	return `{"type":"t","x":"${text}"}`;
}

/** One of so many bytes. */
export function sized(bytes: number): string {
	return message("*".repeat(bytes - message().length));
}

export function ping(payload: string | Buffer = ""): Buffer {
	return frame({ opcode: OPCODE.ping, payload });
}

export function pong(payload: string | Buffer = ""): Buffer {
	return frame({ opcode: OPCODE.pong, payload });
}

export function closeFrame(
	code?: number,
	reason: string | Buffer = "",
): Buffer {
	if (code === undefined) return frame({ opcode: OPCODE.close });
	const payload = Buffer.alloc(2);
	payload.writeUInt16BE(code);
	return frame({
		opcode: OPCODE.close,
		payload: Buffer.concat([payload, Buffer.from(reason)]),
	});
}

/** A message in fragments. */
export function fragments(...payloads: readonly (string | Buffer)[]): Buffer[] {
	return payloads.map((payload, index) =>
		frame({
			opcode: index === 0 ? OPCODE.text : OPCODE.continuation,
			final: index === payloads.length - 1,
			payload,
		}),
	);
}

export { frame, OPCODE, textFrame };

/** Short enough for a test's report, and different where the text is. */
export function brief(text: string): string {
	if (text.length <= 200) return text;
	const sum = [...Buffer.from(text)].reduce(
		(sum, byte) => (sum * 31 + byte) % 1_000_003,
		0,
	);
	return `${text.slice(0, 40)}… (${text.length}, ${sum})`;
}
