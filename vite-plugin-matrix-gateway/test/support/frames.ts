/** WebSocket frames by hand, to make them wrong (RFC 6455, section 5.2). */

export const OPCODE = {
	continuation: 0,
	text: 1,
	binary: 2,
	close: 8,
	ping: 9,
	pong: 10,
} as const;

export interface FrameOptions {
	/** @default 1, a text */
	readonly opcode?: number;
	readonly payload?: string | Buffer;
	/** @default true */
	readonly final?: boolean;
	/** The three reserved bits, as in the first byte. */
	readonly reserved?: number;
	/** @default true, as a client's must be */
	readonly masked?: boolean;
	/** What the header says of the payload's length, where that is not the truth. */
	readonly claimedLength?: number;
}

/** A client's frame. */
export function frame(options: FrameOptions = {}): Buffer {
	const { opcode = OPCODE.text, final = true, masked = true } = options;
	const payload = Buffer.from(options.payload ?? "");
	const first = (final ? 0x80 : 0) | (options.reserved ?? 0) | opcode;
	const length = options.claimedLength ?? payload.length;
	const head = [Buffer.from([first]), lengthBytes(length, masked)];
	if (!masked) return Buffer.concat([...head, payload]);
	const mask = Buffer.from([0x12, 0x34, 0x56, 0x78]);
	const hidden = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
	return Buffer.concat([...head, mask, hidden]);
}

/** A client's text frame. */
export function textFrame(message: object | string): Buffer {
	const payload =
		typeof message === "string" ? message : JSON.stringify(message);
	return frame({ payload });
}

/** The first reserved bit: the payload is compressed (RFC 7692, section 6). */
export const COMPRESSED = 0x40;

/** A frame as a server sends it. */
export interface ServerFrame {
	readonly opcode: number;
	/** The three reserved bits, as in the first byte. */
	readonly reserved: number;
	readonly payload: Buffer;
	/** How many bytes it took. */
	readonly size: number;
}

/** A server's frame; undefined until it is whole. */
export function readFrame(bytes: Buffer): ServerFrame | undefined {
	if (bytes.length < 2) return undefined;
	const short = bytes.readUInt8(1);
	const header = short < 126 ? 2 : short === 126 ? 4 : 10;
	if (bytes.length < header) return undefined;
	const length =
		short < 126
			? short
			: short === 126
				? bytes.readUInt16BE(2)
				: Number(bytes.readBigUInt64BE(2));
	const size = header + length;
	if (bytes.length < size) return undefined;
	const first = bytes.readUInt8(0);
	const payload = bytes.subarray(header, size);
	return { opcode: first & 0x0f, reserved: first & 0x70, payload, size };
}

function lengthBytes(length: number, masked: boolean): Buffer {
	const bit = masked ? 0x80 : 0;
	if (length < 126) return Buffer.from([bit | length]);
	if (length <= 0xffff) {
		const bytes = Buffer.from([bit | 126, 0, 0]);
		bytes.writeUInt16BE(length, 1);
		return bytes;
	}
	const bytes = Buffer.alloc(9);
	bytes[0] = bit | 127;
	bytes.writeBigUInt64BE(BigInt(length), 1);
	return bytes;
}
