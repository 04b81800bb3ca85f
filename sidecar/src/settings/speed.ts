/** What trades one cost for another. */
import { DEFAULTS } from "vite-plugin-matrix-gateway/protocol";
import { bytes, milliseconds } from "../kinds/numbers.ts";
import { oneOf, toggle } from "../kinds/words.ts";
import type { Setting } from "../setting.ts";

export const SPEED = {
	flushWindow: {
		part: "Speed",
		flag: "flush-window",
		kind: milliseconds,
		default: DEFAULTS.flushWindow,
		help: "The longest that broadcasts which keep coming wait for each other, where that saves time that is needed; 0 lets nothing wait.",
	},
	compression: {
		flag: "compression",
		kind: toggle,
		default: false,
		help: "Compress what is sent to clients that offer it, once for all of them. For large worlds and slow lines.",
	},
	compressionThreshold: {
		flag: "compression-threshold",
		kind: bytes,
		default: DEFAULTS.compressionThreshold,
		help: "Bytes from which on a message is compressed.",
	},
	nativeIo: {
		flag: "native-io",
		kind: oneOf(["auto", "off"]),
		default: "auto",
		help: "off leaves all reading and writing to Node's streams, which is slower; auto goes below them, by parts of Node that it does not document, as far as it can, and says where it cannot.",
	},
} as const satisfies Record<string, Setting>;
