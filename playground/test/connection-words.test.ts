import type { ClientState } from "vite-plugin-matrix-gateway/client";
import { CLOSE } from "vite-plugin-matrix-gateway/protocol";
import { describe, expect, it } from "vitest";
import {
	type Circumstances,
	causeOf,
	describeConnection,
} from "../src/ui/connection-words.ts";

const FIRST: Circumstances = {
	agentId: undefined,
	hasToken: false,
	cause: undefined,
	asOf: undefined,
};

const OFFLINE: ClientState = {
	status: "offline",
	reason: "in the gateway's words",
	retryIn: 4_000,
};

const refused = (code?: number): ClientState => ({
	status: "refused",
	reason: "in the gateway's words",
	...(code !== undefined && { code }),
});

function noticeOf(state: ClientState, more: Partial<Circumstances> = {}) {
	return describeConnection(state, { ...FIRST, ...more }).notice;
}

describe("the words for the connection", () => {
	it("are none but one where all is well", () => {
		for (const status of ["online", "connecting", "resuming"] as const) {
			const words = describeConnection({ status }, FIRST);
			expect(words.notice).toBeUndefined();
			expect(words.pill).toMatch(/^\w+$/);
		}
	});

	it("name the cause of each close after which the client comes back, and of which time the picture is", () => {
		const titles = Object.values(CLOSE)
			.filter(({ code }) => code < 4000 || code >= 4200)
			.map(({ code }) => {
				const notice = noticeOf(OFFLINE, { cause: code, asOf: "14:02" });
				expect(notice?.text).toContain("14:02");
				return notice?.title;
			});
		expect(new Set(titles).size).toBe(titles.length);
		expect(titles).not.toContain("The connection was lost");
		expect(noticeOf(OFFLINE, { cause: null, asOf: "14:02" })?.title).toBe(
			"The connection was lost",
		);
	});

	it("tell a world that was never reached from one that was lost", () => {
		expect(noticeOf(OFFLINE)?.title).toBe("The world cannot be reached");
	});

	it("stay while a try is on its way", () => {
		const since = { cause: CLOSE.restart.code, asOf: "14:02" };
		for (const status of ["connecting", "resuming"] as const)
			expect(noticeOf({ status }, since)).toEqual(noticeOf(OFFLINE, since));
	});

	it("keep the cause that the gateway named while the tries that follow fail without a word", () => {
		const { code } = CLOSE.restart;
		expect(causeOf({}, undefined)).toBeNull();
		expect(causeOf({ code: 1006 }, causeOf({ code }, undefined))).toBe(code);
		expect(causeOf({ code }, causeOf({ code: 1006 }, undefined))).toBe(code);
	});

	it("ask whoever was replaced whether to take over", () => {
		const notice = noticeOf(refused(CLOSE.replaced.code), { agentId: "ada" });
		expect(notice).toMatchObject({
			title: "ada is open in another tab. Take over?",
			button: "Take over",
			asksForToken: false,
		});
	});

	it.each([
		["without one", CLOSE.unauthorized.code, false, /asks for a token/],
		["with a wrong one", CLOSE.unauthorized.code, true, /not valid/],
		["with an old one", CLOSE.tokenExpired.code, true, /expired/],
		["with one that allows something else", CLOSE.forbidden.code, true, /let/],
		["in answer to a registration", undefined, true, /not let in/],
	] as const)("have a field for a token: %s", (_, code, hasToken, title) => {
		const state = { ...refused(code), needsToken: true } as ClientState;
		const notice = noticeOf(state, { hasToken });
		expect(notice?.title).toMatch(title);
		expect(notice?.asksForToken).toBe(true);
	});

	it("do not ask for a token where that is not the matter", () => {
		for (const { code } of [
			CLOSE.protocolViolation,
			CLOSE.registrationDeadline,
		])
			expect(noticeOf(refused(code))).toMatchObject({
				button: "Try again",
				asksForToken: false,
			});
	});
});
