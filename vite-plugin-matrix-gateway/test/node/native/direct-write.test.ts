import { PassThrough } from "node:stream";
import { expect, test, vi } from "vitest";

test("where Node's binding is not to be had, it is asked for once, and the stream is written", async () => {
	vi.resetModules();
	const binding = vi.fn(() => {
		throw new Error("not permitted");
	});
	vi.stubGlobal(
		"process",
		Object.create(process, { binding: { value: binding } }),
	);
	const { writeDirectly } = await import(
		"../../../src/node/native/direct-write.ts"
	);
	const stream = new PassThrough();
	const target = {
		stream,
		handle: undefined,
		isBehind: false,
		waitingBytes: 0,
	};
	for (const text of ["1", "2", "3"]) writeDirectly(target, Buffer.from(text));
	vi.unstubAllGlobals();
	expect(binding).toHaveBeenCalledTimes(1);
	expect(String(stream.read())).toBe("123");
});
