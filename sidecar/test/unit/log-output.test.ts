import { Writable } from "node:stream";
import { afterEach, expect, it, vi } from "vitest";
import { createLogOutput } from "../../src/log-output.ts";

const MIB = 1024 * 1024;

afterEach(() => void vi.useRealTimers());

/** A reader that takes what is written only when the test says so. */
function createReader() {
	const written: string[] = [];
	let take: (() => void) | undefined;
	const stream = new Writable({
		highWaterMark: 1,
		decodeStrings: false,
		write(text, _encoding, done) {
			written.push(text);
			take = done;
		},
	});
	return { stream, written, take: () => take?.() };
}

it("writes a line at the end of its turn, and what follows soon after all at once", () => {
	vi.useFakeTimers();
	const { stream, written, take } = createReader();
	const output = createLogOutput(stream);
	output.write("1\n");
	output.write("2\n");
	expect(written).toEqual([]);
	vi.advanceTimersByTime(0);
	expect(written).toEqual(["1\n2\n"]);
	take();
	for (const line of ["3\n", "4\n"]) {
		output.write(line);
		vi.advanceTimersByTime(9);
	}
	expect(written).toHaveLength(1);
	vi.advanceTimersByTime(2);
	expect(written.slice(1)).toEqual(["3\n4\n"]);
	take();
	vi.advanceTimersByTime(20);
	output.write("5\n");
	vi.advanceTimersByTime(0);
	expect(written.slice(2)).toEqual(["5\n"]);
});

it("drops lines for a reader that is 16 MiB behind, and then says how many", () => {
	const { stream, written, take } = createReader();
	const output = createLogOutput(stream);
	for (const line of ["x".repeat(17 * MIB), "lost\n", "lost too\n"]) {
		output.write(line);
		output.flush();
	}
	take();
	output.write("next\n");
	output.flush();
	const [gap = "", next] = written.at(-1)?.split("\n") ?? [];
	expect(JSON.parse(gap)).toMatchObject({ event: "dropped", lines: 2 });
	expect(next).toBe("next");
	expect(written.join("")).not.toContain("lost");
});

it("tells what was dropped at the end, where nothing follows", () => {
	const { stream, written, take } = createReader();
	const output = createLogOutput(stream);
	for (const line of ["x".repeat(17 * MIB), "lost\n"]) {
		output.write(line);
		output.flush();
	}
	take();
	output.flush();
	expect(written.at(-1)).toContain('"lines":1');
});
