/** What Node's streams know of the last read and write on a handle, which is not documented. */
import { Unavailable } from "./unavailable.ts";

/** Node's `WriteWrap`, which stands for a write that waits. */
export interface WriteRequest {
	/** Keeps the bytes from the garbage collector until they are written. */
	buffer?: Uint8Array;
	oncomplete?: (status: number) => void;
}

export interface StreamBinding {
	readonly WriteWrap: new () => WriteRequest;
	readonly streamBaseState: Int32Array;
	/** The place in the state that says whether a write waits. */
	readonly kLastWriteWasAsync: number;
	/** The place that says how many bytes were read, or why none. */
	readonly kReadBytesOrError: number;
}

/**
 * There is no other way to it, though Node advises against this one (DEP0111).
 * @throws Unavailable where this Node does not give it.
 */
export function findStreamBinding(): StreamBinding {
	known ??= check(ask());
	return known;
}

let known: StreamBinding | undefined;

function check(found: Partial<StreamBinding>): StreamBinding {
	const { WriteWrap, streamBaseState } = found;
	const { kLastWriteWasAsync, kReadBytesOrError } = found;
	if (
		!WriteWrap ||
		!streamBaseState ||
		kLastWriteWasAsync === undefined ||
		kReadBytesOrError === undefined
	)
		throw new Unavailable(REASON);
	return { WriteWrap, streamBaseState, kLastWriteWasAsync, kReadBytesOrError };
}

function ask(): Partial<StreamBinding> {
	try {
		const { binding } = process as unknown as {
			binding(name: string): Partial<StreamBinding>;
		};
		return binding.call(process, "stream_wrap");
	} catch {
		// Not there, or not permitted, as under `--permission`.
		throw new Unavailable(REASON);
	}
}

const REASON =
	"messages are written by Node's streams: this Node does not give what a write below them takes";
