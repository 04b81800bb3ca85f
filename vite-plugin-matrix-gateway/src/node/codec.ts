/** What a world's texts are as bytes, the same for a gateway and for whoever reads what one has kept. */
import type { Codec } from "../core/world/state.ts";
import { encodeTextFrame, payloadStart } from "./frame.ts";

// Not Buffer.from: that one cuts from Node's pool, of which a short text would keep 8 KiB.
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export const CODEC: Codec = {
	encode: encodeTextFrame,
	toUtf8: (text) => encoder.encode(text),
};

/** The text of a frame that `CODEC` made. */
export function textOf(frame: Uint8Array): string {
	return decodeText(frame.subarray(payloadStart(frame)));
}

/** A byte order mark is a part of the text. */
export function decodeText(bytes: Uint8Array): string {
	return decoder.decode(bytes);
}
