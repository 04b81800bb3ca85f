import { describe, expect, test } from "vitest";
import { frame, OPCODE } from "../support/frames.ts";
import { useGateway } from "../support/gateway.ts";
import { HOSTS } from "../support/hosts.ts";
import { MESSAGE_HOSTS, useMessages } from "../support/message-hosts.ts";
import { MATRIX_MESSAGES, ODD_MESSAGES } from "./messages.ts";

describe.each(MESSAGE_HOSTS)("routing on $name", (host) => {
	const gateway = useMessages(host);

	test("every type in use arrives byte for byte, in order, at all but its sender [RT1, RT5]", async () => {
		const timmy = await gateway.agent("timmy");
		const observers = [
			await gateway.agent("page", "browser"),
			await gateway.viewer(),
		];
		await timmy.next("agent_joined");
		for (const text of MATRIX_MESSAGES) timmy.send(text);
		for (const observer of observers)
			for (const text of MATRIX_MESSAGES)
				expect(await observer.nextText()).toBe(text);
		await timmy.expectNothing();
	});

	test.each(Object.entries(ODD_MESSAGES))(
		"%s arrives byte for byte [RT4]",
		async (_name, text) => {
			const sender = await gateway.viewer();
			const receiver = await gateway.viewer();
			sender.send(text);
			expect(await receiver.nextText()).toBe(text);
			await sender.expectNothing();
		},
	);

	test("a directed message reaches its target and nobody else [RT2]", async () => {
		const [timmy, target, other] = [
			await gateway.agent("timmy"),
			await gateway.agent("target"),
			await gateway.agent("other"),
		];
		await timmy.next("agent_joined");
		for (const client of [timmy, target]) await client.next("agent_joined");
		const text = ' {"type":"agent_message", "target_id":"target","n":1.0}';
		timmy.send(text);
		expect(await target.nextText()).toBe(text);
		timmy.send({ type: "marker" });
		for (const client of [target, other]) await client.next("marker");
		await timmy.expectNothing();
	});

	test("a message to oneself comes back [RT2]", async () => {
		const timmy = await gateway.agent("timmy");
		const text = '{"target_id":"timmy","type":"note"}';
		timmy.send(text);
		expect(await timmy.nextText()).toBe(text);
	});

	test("a viewer may send to an agent, and gets nothing that is directed [RT2, REG4]", async () => {
		const viewer = await gateway.viewer();
		const timmy = await gateway.agent("timmy");
		await viewer.next("agent_joined");
		viewer.send({ type: "visitor_message", target_id: "timmy" });
		await timmy.next("visitor_message");
		await viewer.expectNothing();
	});

	test("a message to nobody is told to its sender alone [RT3]", async () => {
		const timmy = await gateway.agent("timmy");
		const viewer = await gateway.viewer();
		timmy.send({ type: "agent_message", target_id: "nobody" });
		expect(await timmy.next("gateway_error")).toEqual({
			type: "gateway_error",
			code: "target_offline",
			message: expect.any(String),
			target_id: "nobody",
		});
		timmy.send({ type: "marker" });
		await viewer.next("marker");
	});

	test("broadcasts, directed messages and answers keep one order [RT5]", async () => {
		const timmy = await gateway.agent("timmy");
		const target = await gateway.agent("target");
		await timmy.next("agent_joined");
		const count = 300;
		for (let n = 0; n < count; n++) {
			timmy.send({ type: "all", n });
			timmy.send({ type: "one", n, target_id: "target" });
			timmy.send({ type: "me", n, target_id: "timmy" });
			timmy.send({ type: "ping" });
		}
		for (let n = 0; n < count; n++) {
			expect(await target.next("all")).toMatchObject({ n });
			expect(await target.next("one")).toMatchObject({ n });
			expect(await timmy.next("me")).toMatchObject({ n });
			await timmy.next("pong");
		}
	});
});

describe.each(MESSAGE_HOSTS)("routing with options on $name", (host) => {
	describe("echo", () => {
		const gateway = useMessages(host, { echo: true });

		test("a broadcast comes back to its sender too [RT1]", async () => {
			const timmy = await gateway.agent("timmy");
			timmy.send('{"type":"bark"}');
			expect(await timmy.nextText()).toBe('{"type":"bark"}');
		});
	});

	describe("mirrorVisual", () => {
		const gateway = useMessages(host, { mirrorVisual: true });

		test("what is to be seen is copied to browsers, and nothing else [RT2]", async () => {
			const timmy = await gateway.agent("timmy");
			const other = await gateway.agent("other");
			const page = await gateway.agent("page", "browser");
			const viewer = await gateway.viewer();
			for (const client of [timmy, timmy, other])
				await client.next("agent_joined");
			const bark = '{"type":"bark","target_id":"other"}';
			timmy.send('{"type":"agent_message","target_id":"other"}');
			timmy.send(bark);
			await other.next("agent_message");
			for (const client of [other, page, viewer])
				expect(await client.nextText()).toBe(bark);
			await timmy.expectNothing();
		});
	});
});

describe.each(HOSTS)(
	"routing of what browsers and fragments bring on $name",
	(host) => {
		const gateway = useGateway(host);

		test("fifty browsers at once get every message of every one [RT1, RT5]", async () => {
			const origin = gateway.httpUrl;
			const browsers = await Promise.all(
				Array.from({ length: 50 }, () => gateway.viewer({ origin })),
			);
			for (const [n, browser] of browsers.entries())
				browser.send({ type: "visitor_message", n });
			for (const [own, browser] of browsers.entries()) {
				const seen = new Set<unknown>();
				while (seen.size < 49)
					seen.add((await browser.next("visitor_message")).n);
				expect(seen).not.toContain(own);
				await browser.expectNothing();
			}
			expect(await gateway.status()).toMatchObject({
				viewers: 50,
				connections: 50,
			});
		});

		test("a message in many fragments arrives as one, a ping between them or not [RT1]", async () => {
			const peer = await gateway.raw();
			const viewer = await gateway.viewer();
			const text = '{"type":"bark","text":"in pieces"}';
			const pieces = [...text].map((payload, index) =>
				frame({
					opcode: index === 0 ? OPCODE.text : OPCODE.continuation,
					final: index === text.length - 1,
					payload,
				}),
			);
			for (const piece of pieces) {
				peer.socket.write(frame({ opcode: OPCODE.ping, payload: "?" }));
				peer.socket.write(piece);
			}
			expect(await viewer.nextText()).toBe(text);
		});
	},
);
