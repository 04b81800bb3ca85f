/** In which way the gateways of tests read and write: the suites run in both. */
import type {
	NativeIoOptions,
	NativeIoStatus,
} from "../../src/node/native-io.ts";

/** The sidecar's own variable, which the processes that tests start heed by themselves. */
export const IS_NATIVE_IO_OFF: boolean =
	process.env.MATRIX_GATEWAY_NATIVE_IO === "off";

/** For each gateway that a suite starts in its own process. */
export const NATIVE_IO: NativeIoOptions = {
	nativeIo: IS_NATIVE_IO_OFF ? "off" : "auto",
};

/** What their status tells of it. */
export const NATIVE_IO_STATUS: NativeIoStatus = {
	state: IS_NATIVE_IO_OFF ? "off" : "on",
	reasons: [],
};
