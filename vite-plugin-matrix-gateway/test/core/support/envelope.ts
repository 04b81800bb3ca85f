import type { FoundEnvelope } from "../../../src/core/edge/host.ts";

/** What a parser finds, where it is what a host may find. */
export function findEnvelope(payload: Uint8Array): FoundEnvelope | undefined {
	try {
		const message = JSON.parse(new TextDecoder().decode(payload));
		const { type, target_id: target, retain, receipt } = message;
		if (Array.isArray(message) || !isText(type)) return undefined;
		if (retain !== undefined || receipt !== undefined) return undefined;
		if (target !== undefined && !isText(target)) return undefined;
		return { type, target };
	} catch {
		return undefined;
	}
}

function isText(value: unknown): value is string {
	return typeof value === "string" && value !== "";
}
