/** Plain data as MessagePack, which any language reads. */
import { Decoder, Encoder, ExtensionCodec } from "@msgpack/msgpack";

/**
 * Writes plain data: what is undefined in an object is left out, and null in an array.
 * The result shares memory with the next one's.
 */
export function encodeValue(value: unknown): Uint8Array {
	return encoder.encodeSharedRef(escaped(value));
}

/**
 * Reads what `encodeValue` wrote. Bytes in it are views of those that it is given.
 * @throws Error where they are no MessagePack.
 */
export function decodeValue(bytes: Uint8Array): unknown {
	return decoder.decode(bytes);
}

/** A text that UTF-8 has no bytes for, since a client may choose half a surrogate pair as a key. */
class Utf16 {
	readonly text: string;
	constructor(text: string) {
		this.text = text;
	}
}

/** The application-specific type of such a text: its UTF-16, little-endian. */
const UTF16_TYPE = 1;

const extensionCodec = new ExtensionCodec();
extensionCodec.register({
	type: UTF16_TYPE,
	encode: (value) =>
		value instanceof Utf16 ? Buffer.from(value.text, "utf16le") : null,
	decode: (data) =>
		Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString(
			"utf16le",
		),
});

const encoder = new Encoder({
	extensionCodec,
	ignoreUndefined: true,
	initialBufferSize: 64 * 1024,
});
const decoder = new Decoder({ extensionCodec });

// Cs under the `u` flag matches lone surrogates only.
const LONE_SURROGATE = /\p{Cs}/u;

/** The same value, unless some text in it has no UTF-8. */
function escaped(value: unknown): unknown {
	if (typeof value === "string")
		return LONE_SURROGATE.test(value) ? new Utf16(value) : value;
	if (typeof value !== "object" || value === null) return value;
	if (ArrayBuffer.isView(value)) return value;
	return Array.isArray(value) ? escapedList(value) : escapedFields(value);
}

function escapedList(list: readonly unknown[]): readonly unknown[] {
	let copy: unknown[] | undefined;
	for (let index = 0; index < list.length; index++) {
		const item = escaped(list[index]);
		if (item === list[index]) continue;
		copy ??= list.slice();
		copy[index] = item;
	}
	return copy ?? list;
}

function escapedFields(fields: object): object {
	let copy: Record<string, unknown> | undefined;
	for (const [name, value] of Object.entries(fields)) {
		const item = escaped(value);
		if (item === value) continue;
		copy ??= { ...fields };
		copy[name] = item;
	}
	return copy ?? fields;
}
