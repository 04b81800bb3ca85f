/** `GET /healthz` and `GET /readyz`, for what watches the process [HTTP2]. */
import type { Asked } from "./endpoint.ts";

export function answerHealth(): object {
	return { status: "ok" };
}

export function answerReadiness({ event, worlds }: Asked): object {
	const { ready, draining, health } = worlds;
	if (!ready) event.res.status = 503;
	const { state = "ok" } = health ?? {};
	// One that is broken is not ready either.
	if (draining || (!ready && state !== "behind")) return { status: "draining" };
	// Why it is degraded is not for everybody: no token is asked for here.
	const reason = health?.state === "behind" ? health.reason : undefined;
	return { status: state, ...(reason !== undefined && { reason }) };
}
