/** What may be listed as an allowed origin or host, in `attach`, the endpoints and the plugin alike [CON3]. */
import { EventEmitter } from "node:events";
import { describe, expect, onTestFinished, test } from "vitest";
import {
	type OriginOptions,
	type OriginRule,
	parseHost,
	parseOrigin,
} from "../../src/node/allowed-forms.ts";
import { attach } from "../../src/node/attach.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import { createHttpApp } from "../../src/node/http.ts";
import { matrixGateway } from "../../src/vite/index.ts";
import { connect, statusOf } from "../support/client.ts";
import { useHttpServer } from "../support/http-server.ts";

const local = useHttpServer();

/** Each entry that takes such options. */
const ENTRIES: readonly [string, (options: OriginOptions) => unknown][] = [
	["attach", (options) => attach(new EventEmitter(), createGateway(), options)],
	["createHttpApp", (options) => createHttpApp(createGateway(), options)],
	["the plugin", (options) => matrixGateway(options)],
];

describe("an allowed origin", () => {
	test.each([
		["https://a.example", "https://a.example"],
		["https://a.example/", "https://a.example"],
		["HTTPS://A.Example", "https://a.example"],
		["https://a.example:443", "https://a.example"],
		["http://a.example:80/", "http://a.example"],
		["https://a.example:", "https://a.example"],
		["https://a.example:8443", "https://a.example:8443"],
		["http://[::1]:8080", "http://[::1]:8080"],
		["https://münchen.example", "https://xn--mnchen-3ya.example"],
		["capacitor://localhost/", "capacitor://localhost"],
		["null", "null"],
		["file:///", "file://"],
	])("CON3 may be %j, and is that of the page %j", async (text, origin) => {
		expect(parseOrigin(text)).toBe(origin);
		expect(parseOrigin(origin)).toBe(origin);
		for (const [, take] of ENTRIES) take({ allowedOrigins: [text] });
		const gateway = createGateway();
		const options = { allowedOrigins: [text] };
		onTestFinished(attach(local.server, gateway, options));
		onTestFinished(() => gateway.close({ timeout: 0 }));
		const headers = { origin };
		(await connect(local.url, { headers })).socket.terminate();
		const foreign = { headers: { origin: "https://b.example" } };
		expect(await statusOf(local.url, foreign)).toBe(403);
	});

	describe.each(ENTRIES)("in %s", (_name, take) => {
		test.each([
			"",
			" ",
			"a.example",
			"//a.example",
			"localhost:5173",
			"https://",
			"https:/a.example",
			"https://a.example/path",
			"https://a.example/#",
			"https://a.example?b",
			"https://a.example\\b",
			"https://b@a.example",
			"https://*.example",
			"https://a.example:99999",
			" https://a.example",
			"https://a.example,https://b.example",
			"wss://a.example",
			"ws://a.example/",
			"blob:https://a.example",
			"data://a",
			"file://a/b",
			"NULL",
			"**",
		])("CON3 is not %j, and is named", (text) => {
			const allowedOrigins = ["https://fine.example", text];
			expect(() => take({ allowedOrigins })).toThrow(TypeError);
			expect(() => take({ allowedOrigins })).toThrow(JSON.stringify(text));
			expect(parseOrigin(text)).toBeUndefined();
		});

		test("CON3 is a list's, not a text's", () => {
			for (const text of ["*", "https://a.example"])
				expect(() => take({ allowedOrigins: text as never })).toThrow(
					"`allowedOrigins` is a list",
				);
			expect(() => take({ allowedHosts: "a.example" as never })).toThrow(
				"`allowedHosts` is a list",
			);
			const wrong = [undefined, 5, {}] as unknown as OriginRule[];
			for (const rule of wrong)
				expect(() => take({ allowedOrigins: [rule] })).toThrow(TypeError);
		});

		test.each([
			"",
			".",
			"*",
			"*.a.example",
			"https://a.example",
			"a.example:80",
			"a.example/",
			"user@a.example",
			"a b",
			".192.0.2.7",
			".[::1]",
			"-a",
		])("CON3 an allowed host is not %j, and is named", (text) => {
			const allowedHosts = ["fine.example", text];
			expect(() => take({ allowedHosts })).toThrow(TypeError);
			expect(() => take({ allowedHosts })).toThrow(JSON.stringify(text));
			expect(parseHost(text)).toBeUndefined();
		});
	});

	test("CON3 may be a pattern or a function, and any", () => {
		const allowedOrigins = [/a/g, () => true, "*"];
		for (const [, take] of ENTRIES) take({ allowedOrigins });
	});
});

test.each([
	["A.Example", "a.example", "a.example"],
	[".A.Example", ".a.example", "b.a.example"],
	["a.example", "a.example", "A.EXAMPLE"],
	["münchen.example", "xn--mnchen-3ya.example", "xn--mnchen-3ya.example"],
	["a_b", "a_b", "a_b:8080"],
	["192.0.2.7", "192.0.2.7", "192.0.2.7"],
	["::1", "[::1]", "[::1]:80"],
	["[::1]", "[::1]", "[::1]"],
])("CON3 the allowed host %j is %j, that of %j", async (text, form, host) => {
	expect(parseHost(text)).toBe(form);
	expect(parseHost(form)).toBe(form);
	const gateway = createGateway();
	onTestFinished(attach(local.server, gateway, { allowedHosts: [text] }));
	onTestFinished(() => gateway.close({ timeout: 0 }));
	const headers = { host, origin: `http://${host}` };
	(await connect(local.url, { headers })).socket.terminate();
	const foreign = { host: "evil.test", origin: "http://evil.test" };
	expect(await statusOf(local.url, { headers: foreign })).toBe(403);
});

test.each(["x-extension:80", "a.x-extension:80", "file:80"])(
	"CON3 %s is a host like any other, not a page of the browser's own",
	async (host) => {
		const gateway = createGateway();
		onTestFinished(attach(local.server, gateway));
		onTestFinished(() => gateway.close({ timeout: 0 }));
		const headers = { host, origin: `http://${host}` };
		expect(await statusOf(local.url, { headers })).toBe(403);
	},
);
