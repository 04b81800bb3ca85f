/** Clients of a sidecar. */
import { onTestFinished } from "vitest";
import {
	connect,
	type TestClient,
} from "../../../vite-plugin-matrix-gateway/test/support/client.ts";
import type { Sidecar } from "./sidecar.ts";

/**
 * Connects one, which is gone with the test.
 * @param rest What follows the path: a world, a query.
 */
export async function connectTo(
	{ wsUrl }: Pick<Sidecar, "wsUrl">,
	rest = "",
): Promise<TestClient> {
	const client = await connect(`${wsUrl}/ws/matrix${rest}`);
	onTestFinished(() => client.terminate());
	return client;
}
