/** Hosts that give each token a grant of its own, for suites about what that allows. */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Grant } from "../../src/core/protocol/grant.ts";
import type { GatewayOptions } from "../../src/core/protocol/options.ts";
import { attach } from "../../src/node/attach.ts";
import type { Authenticate } from "../../src/node/authenticate.ts";
import { createHttpHandler } from "../../src/node/http.ts";
import { createHub } from "../../src/node/hub.ts";
import type { HubOptions } from "../../src/node/hub-options.ts";
import type { HostOptions, RunningHost } from "./host.ts";
import { NATIVE_IO } from "./native-io.ts";
import { IS_REDIS_MISSING, startRedis } from "./redis.ts";
import { sidecar } from "./sidecar.ts";
import { LONG_SILENCE } from "./silence.ts";
import { viteDev } from "./vite.ts";

/** What a suite asks for besides the grants. */
export interface GrantingOptions extends GatewayOptions {
	readonly worlds?: readonly string[];
}

export interface GrantingHost {
	readonly name: string;
	/** @param grants What each token allows; any other one is refused. */
	start(
		grants: Readonly<Record<string, Grant>>,
		options?: GrantingOptions,
	): Promise<RunningHost>;
}

export const GRANTING_HOSTS: readonly GrantingHost[] = [
	{ name: "vite dev", start: onVite },
	{ name: "the sidecar", start: onSidecar },
	...(IS_REDIS_MISSING
		? []
		: [{ name: "a Node server on Redis", start: onRedis }]),
];

function byToken(grants: Readonly<Record<string, Grant>>): Authenticate {
	return (token = "") =>
		Object.hasOwn(grants, token) ? (grants[token] ?? null) : null;
}

function onVite(
	grants: Readonly<Record<string, Grant>>,
	options: GrantingOptions = {},
): Promise<RunningHost> {
	return viteDev({ authenticate: byToken(grants), ...options });
}

async function onNode(
	grants: Readonly<Record<string, Grant>>,
	options: HubOptions = {},
): Promise<RunningHost> {
	const authenticate = byToken(grants);
	const hub = createHub({
		...{ registerTimeout: LONG_SILENCE, ...NATIVE_IO },
		...options,
	});
	const server = createServer(createHttpHandler(hub, { authenticate }));
	const detach = attach(server, hub, { authenticate });
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	return {
		url: `ws://127.0.0.1:${port}/ws/matrix`,
		httpUrl: `http://127.0.0.1:${port}`,
		logs: () => "",
		async stop() {
			await hub.close({ timeout: 0 });
			detach();
			server.close();
			return undefined;
		},
	};
}

/** By a file, as an operator gives grants. */
async function onSidecar(
	grants: Readonly<Record<string, Grant>>,
	options: GrantingOptions = {},
): Promise<RunningHost> {
	const folder = mkdtempSync(join(tmpdir(), "matrix-tokens-"));
	const tokens = join(folder, "tokens.json");
	const entries = Object.entries(grants).map(([token, grant], index) => ({
		...grant,
		name: `entry ${index}`,
		token,
		...(grant.expires !== undefined && {
			expires: new Date(grant.expires).toISOString(),
		}),
	}));
	writeFileSync(tokens, JSON.stringify(entries));
	const { retain, ...rest } = options;
	const running = await sidecar({
		...{ speakAs: "any", tokens },
		...(retain === "matrix" && { retain }),
		...rest,
	} as HostOptions);
	return {
		...running,
		async stop() {
			const code = await running.stop();
			rmSync(folder, { recursive: true });
			return code;
		},
	};
}

async function onRedis(
	grants: Readonly<Record<string, Grant>>,
	options: GrantingOptions = {},
): Promise<RunningHost> {
	const redis = await startRedis();
	const running = await onNode(grants, { ...options, redis: redis.url });
	return {
		...running,
		async stop() {
			await running.stop();
			await redis.stop();
			return undefined;
		},
	};
}
