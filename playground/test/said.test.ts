import { describe, expect, it } from "vitest";
import { createSaid, type Fate } from "../src/ui/said.ts";

function create(isKept: boolean) {
	const fates = new Map<number, Fate>();
	const said = createSaid(isKept, (line, fate) => fates.set(line, fate));
	return { fates, said };
}

const MESSAGE = { type: "visitor_message", text: "Hi" };

describe("what a visitor has said", () => {
	it("waits while there is no connection, and is sent when there is one", () => {
		const { fates, said } = create(false);
		said.follow({ status: "offline" });
		said.add(MESSAGE, 1);
		expect(fates.get(1)).toBe("waiting");
		said.follow({ status: "connecting" });
		expect(fates.get(1)).toBe("waiting");
		said.follow({ status: "online" });
		expect(fates.get(1)).toBe("sent");
	});

	it("is in doubt where the connection was not heard of again, and in none where it was", () => {
		const { fates, said } = create(false);
		said.follow({ status: "online" });
		said.add({ ...MESSAGE }, 1);
		said.heard();
		said.add({ ...MESSAGE }, 2);
		said.follow({ status: "offline" });
		expect([...fates]).toEqual([[2, "unsure"]]);
		said.follow({ status: "online" });
		expect([...fates]).toEqual([[2, "unsure"]]);
	});

	it("waits for an agent's session instead, which knows what has arrived", () => {
		const { fates, said } = create(true);
		said.follow({ status: "online" });
		said.add(MESSAGE, 1);
		said.follow({ status: "offline" });
		expect(fates.get(1)).toBe("waiting");
		said.follow({ status: "online" });
		expect(fates.get(1)).toBe("sent");
	});

	it.each([
		["unconfirmed", "unsure"],
		["overflow", "lost"],
		["refused", "lost"],
		["disposed", "lost"],
		["too_large", "lost"],
	] as const)("that the client has given up as %s is %s", (reason, fate) => {
		const { fates, said } = create(true);
		said.follow({ status: "online" });
		said.add(MESSAGE, 1);
		said.heard();
		said.follow({ status: "offline" });
		said.dropped(MESSAGE, reason);
		said.follow({ status: "online" });
		expect(fates.get(1)).toBe(fate);
	});

	it("that the gateway did not take is lost, and nothing before it", () => {
		const { fates, said } = create(false);
		said.refused();
		said.follow({ status: "online" });
		said.add({ ...MESSAGE }, 1);
		said.add({ ...MESSAGE }, 2);
		said.heard();
		said.refused();
		expect([...fates]).toEqual([[2, "lost"]]);
	});

	it("is not followed for ever", () => {
		const { fates, said } = create(true);
		said.follow({ status: "online" });
		const messages = Array.from({ length: 200 }, () => ({ ...MESSAGE }));
		for (const [line, message] of messages.entries()) said.add(message, line);
		for (const message of messages) said.dropped(message, "unconfirmed");
		expect(fates.size).toBe(100);
	});
});
