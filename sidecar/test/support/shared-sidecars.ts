/** Two sidecars that are one hub, by a Redis of their own. */
import { onTestFinished } from "vitest";
import { startRedis } from "../../../vite-plugin-matrix-gateway/test/support/redis.ts";
import { type Sidecar, startSidecar } from "./sidecar.ts";

export interface SharedSidecars {
	readonly sidecars: readonly Sidecar[];
	/** An example's configuration with their ports in the place of its own, 8765 and 8766. */
	portsIn(config: string): string;
}

/** Starts them; they and their Redis end with the test. */
export async function startSharedSidecars(
	...flags: readonly string[]
): Promise<SharedSidecars> {
	const redis = await startRedis();
	onTestFinished(() => redis.stop());
	const all = [`--redis=${redis.url}`, ...flags];
	const sidecars = await Promise.all([startSidecar(all), startSidecar(all)]);
	const [one, two] = sidecars.map(({ httpUrl }) => new URL(httpUrl).port);
	return {
		sidecars,
		portsIn: (config) =>
			config.replace("8765", `${one}`).replace("8766", `${two}`),
	};
}

/** How many are connected to one of them. */
export async function connectionsOf({ httpUrl }: Sidecar): Promise<number> {
	const answer = await fetch(`${httpUrl}/api/gateway/status`);
	return ((await answer.json()) as { connections: number }).connections;
}
