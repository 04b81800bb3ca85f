/** What the gateways of one hub have together: what is the process's, not a world's. */
import { type CompressionOptions, createCompress } from "./compression.ts";
import {
	createNativeIo,
	type NativeIo,
	type NativeIoOptions,
} from "./native-io.ts";

export interface SharedParts {
	readonly nativeIo: NativeIo;
	readonly compress: ReturnType<typeof createCompress>;
}

/**
 * Makes them.
 * @param tell Told each reason why something cannot be done below Node's streams, once.
 * @throws RangeError where an option is none that can be.
 */
export function createSharedParts(
	options: NativeIoOptions & CompressionOptions,
	tell: (reason: string) => void,
): SharedParts {
	return {
		compress: createCompress(options),
		nativeIo: createNativeIo(options, tell),
	};
}
