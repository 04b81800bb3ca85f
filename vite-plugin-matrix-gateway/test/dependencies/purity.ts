/** What core/ may use of the language's own globals: whatever else there is has to be handed in. */
import type { Purity } from "./globals.ts";

/** No Node, no browser, no timers, no random. */
export const CORE_PURITY: Purity = {
	globals: [
		"Array",
		"DataView",
		"Map",
		"Promise",
		"RangeError",
		"Set",
		"String",
		"TypeError",
		"Uint8Array",
		"WeakMap",
		"new Date",
	],
	members: {
		JSON: ["parse", "stringify"],
		Math: ["ceil", "floor", "max", "min", "round"],
		Number: ["POSITIVE_INFINITY", "isFinite", "isSafeInteger"],
		Object: ["assign", "create", "entries", "hasOwn", "keys"],
	},
	noProperties: [],
	isAsync: true,
};

/**
 * What every replica computes in the same way, at once: also no clock, no parsing, no socket, no
 * host, and nothing whose result depends on a locale. A WeakMap tells nobody what it has lost.
 */
export const WORLD_PURITY: Purity = {
	globals: ["Map", "Set", "Uint8Array", "WeakMap"],
	members: {
		JSON: ["stringify"],
		Math: ["floor", "max", "min"],
		Number: ["POSITIVE_INFINITY"],
	},
	noProperties: ["host", "localeCompare", "socket", "toLocaleString"],
	isAsync: false,
};
