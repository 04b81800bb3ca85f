/** What the gateways of one hub have together: what is the process's, not a world's. */
import {
	createSnapshotBudget,
	type SnapshotBudget,
} from "../core/edge/snapshot-budget.ts";
import {
	type GatewayOptions,
	resolveOptions,
} from "../core/protocol/options.ts";
import { type CompressionOptions, createCompress } from "./compression.ts";
import {
	createNativeIo,
	type NativeIo,
	type NativeIoOptions,
} from "./native-io.ts";

export interface SharedParts {
	readonly nativeIo: NativeIo;
	readonly snapshotBudget: SnapshotBudget;
	readonly compress: ReturnType<typeof createCompress>;
}

/**
 * Makes them.
 * @param tell Told each reason why something cannot be done below Node's streams, once.
 * @throws RangeError where an option is none that can be.
 */
export function createSharedParts(
	options: GatewayOptions & NativeIoOptions & CompressionOptions,
	tell: (reason: string) => void,
): SharedParts {
	const { maxSnapshotBytes } = resolveOptions(options);
	return {
		snapshotBudget: createSnapshotBudget(maxSnapshotBytes),
		compress: createCompress(options),
		nativeIo: createNativeIo(options, tell),
	};
}
