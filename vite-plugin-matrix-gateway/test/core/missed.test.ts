import { describe, expect, test } from "vitest";
import { createMissedBytes } from "../../src/core/edge/missed-bytes.ts";
import {
	type Audience,
	createAudience,
	createEveryone,
} from "../../src/core/world/audience.ts";
import { createBroadcastLog } from "../../src/core/world/broadcast-log.ts";
import { createFilter, type Filter } from "../../src/core/world/filter.ts";
import { fromFrames, toFrame } from "./support/frame.ts";
import { createFakeHost } from "./support/host.ts";
import { createFakeSocket } from "./support/socket.ts";

function arrange(maxLogBytes = 1_000_000) {
	const log = createBroadcastLog({ maxLogBytes });
	let reads = 0;
	const host = createFakeHost();
	const missed = createMissedBytes(host, {
		get position() {
			return log.position;
		},
		first: log.first,
		since(place) {
			reads++;
			return log.since(place);
		},
	});
	log.hold();
	const end = { defer: host.defer, closed: () => {} };
	const sockets = {
		plain: createFakeSocket(end),
		compressing: createFakeSocket(end, true),
	};
	const everyone = createEveryone(log);
	const odd = createAudience(createFilter(["odd"], undefined) as Filter, log);
	const texts = (
		since: number,
		kind: keyof typeof sockets = "plain",
		audience: Audience = everyone,
	) => {
		const piece = missed(audience, since, sockets[kind]);
		if (!piece) return undefined;
		const found = fromFrames(piece.bytes, kind === "compressing");
		expect(found).toHaveLength(piece.count);
		return found;
	};
	return {
		...{ host, odd, texts },
		reads: () => reads,
		append(text: string) {
			const place = log.append(toFrame(text));
			if (place % 2 === 1) odd.append(place);
		},
	};
}

describe("what newcomers have missed", () => {
	test("REG4 each is sent what came since it opened, and all of a turn share it", () => {
		const { host, texts, append, reads } = arrange();
		for (const text of ["0", "1", "2", "3"]) append(text);
		for (const since of [0, 1, 2])
			expect(texts(since)).toEqual(["0", "1", "2", "3"].slice(since));
		expect(texts(4)).toEqual([]);
		expect(reads()).toBe(1);
		// A little is no part of much, which it would keep.
		expect(texts(3)).toEqual(["3"]);
		expect(reads()).toBe(2);
		host.turn();
		expect(texts(2)).toEqual(["2", "3"]);
		expect(reads()).toBe(3);
	});

	test("REG4 what comes in between is part of it, and who has missed more gets more", () => {
		const { texts, append } = arrange();
		append("0");
		append("1");
		expect(texts(1)).toEqual(["1"]);
		expect(texts(0)).toEqual(["0", "1"]);
		append("2");
		expect(texts(0)).toEqual(["0", "1", "2"]);
	});

	test("CMP1 who compresses gets it compressed", () => {
		const { texts, append } = arrange();
		for (const text of ["0", "1", "2"]) append(text);
		expect(texts(0, "compressing")).toEqual(["0", "1", "2"]);
		expect(texts(2)).toEqual(["2"]);
		expect(texts(1, "compressing")).toEqual(["1", "2"]);
	});

	test("GRANT1 SUB1 what it may not be sent is left out", () => {
		const { texts, append, odd } = arrange();
		for (const text of ["0", "1", "2", "3", "4"]) append(text);
		expect(texts(0, "plain", odd)).toEqual(["1", "3"]);
		expect(texts(1, "compressing", odd)).toEqual(["3"]);
		expect(texts(2, "plain", odd)).toEqual([]);
	});

	test("LOG2 of what the log had to let go of, it is told", () => {
		const { texts, append, odd } = arrange(300);
		for (const text of ["0", "1", "2", "3"]) append(text);
		expect(texts(0)).toBeUndefined();
		expect(texts(2)).toEqual(["2", "3"]);
		expect(texts(0, "plain", odd)).toBeUndefined();
		expect(texts(1, "plain", odd)).toEqual(["3"]);
	});
});
