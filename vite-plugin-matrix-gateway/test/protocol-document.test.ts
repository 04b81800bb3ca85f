/** PROTOCOL.md says what the code does: in its rules, its tables, its examples, and its conversations, which are played. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
	CLOSE,
	DEFAULTS,
	type ErrorCode,
	isReserved,
	type LeftReason,
	retryClass,
} from "../src/core/protocol/protocol.ts";
import { readCodeReferences } from "./protocol-document/code.ts";
import {
	readBlocks,
	readConversations,
	readReferences,
	readRules,
	readTable,
	readTitles,
} from "./protocol-document/document.ts";
import { createPeer } from "./protocol-document/peer.ts";
import { replay } from "./protocol-document/replay.ts";
import { shapeOf } from "./protocol-document/shape.ts";
import { createStage } from "./protocol-document/stage.ts";

/** It states the rules of the order, which no client needs to know. */
const ARCHITECTURE = readFileSync(
	new URL("../../ARCHITECTURE.md", import.meta.url),
	"utf8",
);

describe("rules", () => {
	const rules = readRules();
	const families = new Set(rules.map((id) => id.replace(/\d+$/, "")));
	const isKnown = (id: string) => rules.includes(id) || families.has(id);
	const ofTheOrder = readRules(ARCHITECTURE);

	test("each is stated once, and they are numbered from 1 in each family", () => {
		for (const family of families) {
			const own = rules.filter((id) => id.replace(/\d+$/, "") === family);
			expect(own).toEqual(own.map((_, index) => `${family}${index + 1}`));
		}
	});

	test("what the document refers to is stated", () => {
		expect(readReferences().filter((id) => !isKnown(id))).toEqual([]);
	});

	test("what the code refers to is stated", () => {
		const references = readCodeReferences();
		expect(references.length).toBeGreaterThan(100);
		const unknown = references.filter(({ id }) => !isKnown(id));
		expect(unknown.filter(({ id }) => !ofTheOrder.includes(id))).toEqual([]);
	});
});

describe("tables", () => {
	test("close codes are those of the code, with their reasons", () => {
		const documented = readTable("Close codes")
			.filter(([, reason]) => reason !== "(empty)")
			.map(([code, reason]) => ({ code: Number(code), reason }));
		const declared = Object.values(CLOSE).toSorted((a, b) => a.code - b.code);
		expect(documented).toEqual(declared);
	});

	test("close codes have the retry class that clients read from the code", () => {
		for (const [code, , kind] of readTable("Close codes"))
			expect(`${code} ${kind}`).toBe(`${code} ${retryClass(Number(code))}`);
	});

	test("error codes are those of the code", () => {
		const declared: Record<ErrorCode, true> = {
			bad_message: true,
			not_text: true,
			reserved_type: true,
			target_offline: true,
			forbidden: true,
			too_many_agents: true,
			retain_full: true,
			rate_limited: true,
			try_again: true,
			unauthorized: true,
		};
		const documented = readTable("Error codes").map(([code]) => code);
		expect(documented).toEqual(Object.keys(declared));
	});

	test("PR2 reasons are those of the code", () => {
		const declared: Record<LeftReason, true> = {
			closed: true,
			unregistered: true,
			replaced: true,
			heartbeat: true,
			too_slow: true,
			expired: true,
			revoked: true,
		};
		const documented = readTable("PR: presence").map(([reason]) => reason);
		expect(documented).toEqual(Object.keys(declared));
	});

	test("defaults are those of the code", () => {
		const documented = readTable("Defaults").map(([name, value]) => ({
			name,
			value: value?.replace(/ (?:ms|bytes)$/, ""),
		}));
		const declared = Object.entries(DEFAULTS).map(([name, value]) => ({
			name,
			value: name === "port" ? String(value) : value.toLocaleString("en-US"),
		}));
		expect(documented).toEqual(expect.arrayContaining(declared));
		expect(documented.length).toBe(declared.length);
	});
});

describe("messages", () => {
	/** What conversations show, and playing them proves. */
	const received = readConversations()
		.flatMap(({ lines }) => lines)
		.map((line) => /^\w+< (\{.+\})$/.exec(line)?.[1])
		.filter((text) => text !== undefined)
		.map((text) => JSON.parse(text));

	test("the table lists the sections, and all types are reserved", () => {
		const listed = readTable("Messages").map(([type]) => type);
		expect(listed).toEqual([...readTitles("Messages"), "any other"]);
		for (const type of readTitles("Messages"))
			expect(isReserved(type), type).toBe(true);
	});

	test("each that the gateway sends in a conversation has a section", () => {
		const types = received.map(({ type }) => type).filter(isReserved);
		expect(readTitles("Messages")).toEqual(
			expect.arrayContaining([...new Set(types)]),
		);
	});

	test.for(
		readTable("Messages")
			.filter(([, from]) => from === "gateway")
			.map(([type = ""]) => type),
	)("the example of %s has the shape of a real one", (type) => {
		const [example = ""] = readBlocks(type, "json");
		const shapes = received.filter((message) => message.type === type);
		expect(shapes.map(shapeOf)).toContainEqual(shapeOf(JSON.parse(example)));
	});

	test("HTTP1 the example of the status has the shape of a real one", async () => {
		const stage = await createStage();
		try {
			const peer = createPeer(stage.url);
			await peer.settled;
			peer.socket.send('{"type":"agent_register","agentId":"timmy"}');
			await peer.next();
			const response = await fetch(`${stage.httpUrl}/api/gateway/status`);
			const [example = ""] = readBlocks("HTTP: status and health", "json");
			expect(shapeOf(JSON.parse(example))).toEqual(
				shapeOf(await response.json()),
			);
		} finally {
			await stage.end();
		}
	});
});

describe("conversations", { timeout: 20_000 }, () => {
	test.for(readConversations())("$title", async ({ lines }) => {
		await replay(lines);
	});
});
