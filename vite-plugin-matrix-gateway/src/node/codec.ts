/** What a world's texts are as bytes, the same for a gateway and for whoever reads what one has kept. */
import type { Codec } from "../core/world/state.ts";
import { encodeTextFrame } from "./frame.ts";

// Not Buffer.from: that one cuts from Node's pool, of which a short text would keep 8 KiB.
const encoder = new TextEncoder();

export const CODEC: Codec = {
	encode: encodeTextFrame,
	toUtf8: (text) => encoder.encode(text),
};
