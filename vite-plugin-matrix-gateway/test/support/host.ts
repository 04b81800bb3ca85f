/** What a test asks of any host of the gateway. */

/** What every host can be told. Milliseconds and bytes. */
export interface HostOptions {
	readonly path?: string;
	readonly token?: string;
	readonly allowedOrigins?: readonly string[];
	readonly allowedHosts?: readonly string[];
	readonly trustProxy?: boolean;
	readonly heartbeatInterval?: number;
	readonly registerTimeout?: number;
	readonly requireRegistration?: boolean;
	readonly viewers?: "all" | "listen" | readonly string[];
	readonly speakAs?: "any" | "registered";
	readonly retain?: "matrix";
	readonly echo?: boolean;
	readonly mirrorVisual?: boolean;
	readonly maxPayload?: number;
	readonly maxMessagesPerSecond?: number;
	readonly messageBurst?: number;
	readonly maxBytesPerSecond?: number;
	readonly byteBurst?: number;
	readonly maxAgentsPerConnection?: number;
	readonly resumeWindow?: number;
	readonly maxBufferedBytes?: number;
	readonly compression?: boolean;
	readonly compressionThreshold?: number;
	readonly nativeIo?: "auto" | "off";
	/** A folder for the world. */
	readonly data?: string;
	/** The URL of a Redis for it. */
	readonly redis?: string;
	readonly worlds?: readonly string[] | "*";
	readonly maxWorlds?: number;
	readonly worldIdle?: number;
}

/** A host that listens. */
export interface RunningHost {
	/** Of the WebSocket. */
	readonly url: string;
	/** Of the HTTP server, without a slash at its end. */
	readonly httpUrl: string;
	/** All that it has printed. */
	logs(): string;
	/** Shuts it down as an operator would. Resolves when it is down; to its exit code where it is a process. */
	stop(): Promise<number | undefined>;
}

export interface Host {
	readonly name: string;
	/** Whether upgrades on other paths are left to others. */
	readonly isVite: boolean;
	/** Whether what it is sent has its place in the order later, and others may have it in the same. */
	readonly isShared?: true;
	start(options?: HostOptions): Promise<RunningHost>;
}
