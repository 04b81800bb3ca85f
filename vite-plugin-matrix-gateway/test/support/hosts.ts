/** The gateway's hosts, for suites that hold on all of them. */
import type { Host } from "./host.ts";
import { IS_NATIVE_IO_OFF } from "./native-io.ts";
import { IS_REDIS_MISSING } from "./redis.ts";
import { sidecar, sidecarOnRedis, sidecarWithData } from "./sidecar.ts";
import { viteDev, vitePreview } from "./vite.ts";

const SIDECAR_ON_REDIS: Host = {
	name: "sidecar on Redis",
	...{ isVite: false, isShared: true, start: sidecarOnRedis },
};

export const HOSTS: readonly Host[] = [
	{ name: "vite dev", isVite: true, start: viteDev },
	{ name: "vite preview", isVite: true, start: vitePreview },
	{ name: "sidecar", isVite: false, start: sidecar },
	{ name: "sidecar with data", isVite: false, start: sidecarWithData },
	// Where commands get their place has nothing to do with how sockets are read.
	...(IS_REDIS_MISSING || IS_NATIVE_IO_OFF ? [] : [SIDECAR_ON_REDIS]),
];

/** The hosts that take functions as options. */
export const VITE_HOSTS = [
	{ name: "vite dev", start: viteDev },
	{ name: "vite preview", start: vitePreview },
] as const;
