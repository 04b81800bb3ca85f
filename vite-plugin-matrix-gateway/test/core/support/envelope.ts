import { MAX_DEPTH } from "../../../src/core/protocol/depth.ts";
import type { FoundEnvelope } from "../../../src/core/protocol/envelope.ts";

/** What a parser finds, where it is what a host may find. */
export function findEnvelope(payload: Uint8Array): FoundEnvelope | undefined {
	try {
		const text = new TextDecoder().decode(payload);
		const message = JSON.parse(text);
		const { type, target_id: target, retain, receipt } = message;
		if (Array.isArray(message) || !isText(type)) return undefined;
		if (retain !== undefined || receipt !== undefined) return undefined;
		if (target !== undefined && !isText(target)) return undefined;
		if (depthOf(text) > MAX_DEPTH) return undefined;
		return { type, target };
	} catch {
		return undefined;
	}
}

/** How many objects and arrays lie in each other where most do. */
export function depthOf(json: string): number {
	let depth = 0;
	let deepest = 0;
	for (const bracket of json.replace(STRINGS, "").replace(/[^[\]{}]/g, "")) {
		depth += bracket === "{" || bracket === "[" ? 1 : -1;
		deepest = Math.max(deepest, depth);
	}
	return deepest;
}

const STRINGS = /"(?:[^"\\]|\\.)*"/gs;

function isText(value: unknown): value is string {
	return typeof value === "string" && value !== "";
}
