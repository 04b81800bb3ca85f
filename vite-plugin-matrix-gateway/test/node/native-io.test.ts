/** How a gateway goes below Node's streams, or says why it does not. */
import { createServer as createHttps } from "node:https";
import { Socket } from "node:net";
import { PassThrough } from "node:stream";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { NodeGatewayEvent } from "../../src/node/node-gateway.ts";
import { makeCertificate } from "../support/certificate.ts";
import { useHttpServer } from "../support/http-server.ts";
import { upgradeRaw } from "../support/peer.ts";

/** This module as a process has it that has just started, in a Node that lacks something. */
async function load() {
	vi.resetModules();
	return import("../../src/node/server.ts");
}

/** A WebAssembly that counts, or refuses, what is asked of it. */
function watchWebAssembly(instantiate?: () => never) {
	const { WebAssembly: real } = globalThis as unknown as {
		WebAssembly: Record<string, new (...given: unknown[]) => object>;
	};
	const taken: string[] = [];
	const watched = (name: "Module" | "Instance" | "Memory") =>
		class {
			constructor(...given: unknown[]) {
				taken.push(name);
				if (name === "Instance") instantiate?.();
				const Real = real[name] as new (...given: unknown[]) => object;
				// biome-ignore lint/correctness/noConstructorReturn: it stands for the real one
				return new Real(...given);
			}
		};
	const names = ["Module", "Instance", "Memory"] as const;
	// The rest is for Node's own `fetch`.
	const stub = Object.create(real);
	for (const name of names)
		Object.defineProperty(stub, name, { value: watched(name) });
	vi.stubGlobal("WebAssembly", stub);
	return taken;
}

afterEach(() => {
	vi.unstubAllGlobals();
});

describe("the scanner's memory", () => {
	test("is not taken by an import of /server or of the plugin, nor by the plugin itself", async () => {
		const taken = watchWebAssembly();
		vi.resetModules();
		await import("../../src/node/server.ts");
		const { matrixGateway } = await import("../../src/vite/index.ts");
		matrixGateway();
		expect(taken).toEqual([]);
	});

	test("is taken once, by the first gateway that wants it", async () => {
		const taken = watchWebAssembly();
		const { createGateway } = await load();
		const off = createGateway({ nativeIo: "off" });
		expect(taken).toEqual([]);
		expect(off.status().nativeIo).toEqual({ state: "off", reasons: [] });
		for (let n = 0; n < 3; n++)
			expect(createGateway().status().nativeIo).toEqual({
				state: "on",
				reasons: [],
			});
		expect(taken).toEqual(["Module", "Instance"]);
	});
});

test.each(["on", "", null, true])(
	"nativeIo %j is refused",
	async (nativeIo) => {
		const { createGateway } = await load();
		const { matrixGateway } = await import("../../src/vite/index.ts");
		for (const create of [createGateway, matrixGateway])
			expect(() => create({ nativeIo: nativeIo as "auto" })).toThrow(
				new RangeError(
					`nativeIo is "auto" or "off", but ${JSON.stringify(nativeIo)} was given`,
				),
			);
	},
);

describe("a Node that lacks something is told of once for each gateway [HTTP1]", () => {
	const LACKS: readonly (readonly [string, () => void, RegExp])[] = [
		[
			"memory for WebAssembly",
			() =>
				watchWebAssembly(() => {
					throw new RangeError("Out of memory");
				}),
			/^messages are read by Node's streams: .* WebAssembly's memory/,
		],
		[
			"WebAssembly",
			() => vi.stubGlobal("WebAssembly", undefined),
			/^messages are read by Node's streams: .* no WebAssembly/,
		],
		[
			"what a write takes",
			() => stubBinding(() => ({})),
			/^messages are written by Node's streams/,
		],
		[
			"the permission for it",
			() =>
				stubBinding(() => {
					throw new Error("not permitted");
				}),
			/^messages are written by Node's streams/,
		],
	];

	test.each(LACKS)("%s", async (_, remove, reason) => {
		remove();
		const { createGateway } = await load();
		const events: NodeGatewayEvent[] = [];
		const gateway = createGateway({ onEvent: (event) => events.push(event) });
		const wanted = expect.stringMatching(reason);
		expect(gateway.status().nativeIo).toEqual({
			state: "limited",
			reasons: [wanted],
		});
		// Not before its maker has it.
		expect(events).toEqual([]);
		await Promise.resolve();
		expect(events).toEqual([{ event: "nativeIo", reason: wanted }]);
	});

	test("sockets that are none that are known", async () => {
		const { checkReading } = await loadReading();
		const symbols = Object.getOwnPropertySymbols(new Socket());
		vi.spyOn(Object, "getOwnPropertySymbols").mockReturnValueOnce(
			symbols.filter(({ description }) => description !== "kBufferCb"),
		);
		expect(checkReading).toThrow(/sockets of this Node are none/);
	});

	test("a log that fails, or that is to be silent, ends nothing", async () => {
		vi.stubGlobal("WebAssembly", undefined);
		const { createGateway } = await load();
		const onEvent = vi.fn(() => {
			throw new Error("no log");
		});
		createGateway({ onEvent });
		createGateway({ onEvent, nativeIo: "off" });
		createGateway();
		await Promise.resolve();
		expect(onEvent).toHaveBeenCalledTimes(1);
	});

	function loadReading() {
		vi.resetModules();
		return import("../../src/node/native/direct-read.ts");
	}

	function stubBinding(binding: () => object): void {
		const stub = Object.create(process, { binding: { value: binding } });
		vi.stubGlobal("process", stub);
	}
});

describe("a stream that cannot be used is told of once [HTTP1]", () => {
	const local = useHttpServer();

	async function arrange() {
		const { createGateway, attach } = await load();
		const events: NodeGatewayEvent[] = [];
		const gateway = createGateway({ onEvent: (event) => events.push(event) });
		onTestFinished(() => gateway.close({ timeout: 0 }));
		const told = () => events.filter(({ event }) => event === "nativeIo");
		return { gateway, told, attach };
	}

	async function joinTwice(url: string): Promise<void> {
		for (let n = 0; n < 2; n++) {
			const { socket } = await upgradeRaw(url);
			onTestFinished(() => void socket.destroy());
		}
	}

	test("one over TLS", async () => {
		const { gateway, told, attach } = await arrange();
		const server = createHttps(makeCertificate());
		onTestFinished(attach(server, gateway));
		await new Promise<void>((resolve) => {
			server.listen(0, "127.0.0.1", resolve);
		});
		onTestFinished(() => void server.close());
		const { port } = server.address() as { port: number };
		await joinTwice(`wss://127.0.0.1:${port}/ws/matrix`);
		const reason = expect.stringMatching(/over TLS/);
		const { nativeIo } = gateway.status();
		expect(nativeIo).toEqual({ state: "limited", reasons: [reason] });
		await Promise.resolve();
		expect(told()).toEqual([{ event: "nativeIo", reason }]);
	});

	test.each<[string, (stream: object) => void, RegExp]>([
		[
			"one whose handle is none that we know",
			(stream) =>
				Object.assign(Reflect.get(stream, "_handle"), {
					useUserBuffer: undefined,
				}),
			/no handle that is known/,
		],
		[
			"one that is read by somebody else's `onread`",
			(stream) => {
				for (const symbol of Object.getOwnPropertySymbols(stream))
					if (symbol.description === "kBuffer")
						Object.assign(stream, { [symbol]: Buffer.alloc(1) });
			},
			/for somebody else/,
		],
	])("%s", async (_, change, reason) => {
		const { gateway, told, attach } = await arrange();
		const prepare = (_request: unknown, stream: object) => change(stream);
		local.server.on("upgrade", prepare);
		onTestFinished(attach(local.server, gateway));
		await joinTwice(local.url);
		const wanted = expect.stringMatching(reason);
		const { nativeIo } = gateway.status();
		expect(nativeIo).toEqual({ state: "limited", reasons: [wanted] });
		await Promise.resolve();
		expect(told()).toEqual([{ event: "nativeIo", reason: wanted }]);
	});

	test("a version of ws whose receiver we do not know", async () => {
		const { gateway } = await arrange();
		const { nativeIoOf } = await import("../../src/node/node-gateway.ts");
		const stream = new PassThrough();
		const to = { receive() {}, failed() {} };
		expect(nativeIoOf(gateway).read(stream, undefined, to)).toBe(false);
		expect(gateway.status().nativeIo.reasons).toEqual([
			expect.stringMatching(/receiver of this version of ws/),
		]);
	});

	test("but not one that has gone", async () => {
		const { gateway } = await arrange();
		const { nativeIoOf } = await import("../../src/node/node-gateway.ts");
		const stream = new PassThrough().destroy();
		const io = nativeIoOf(gateway);
		expect(io.handleFor(stream)).toBeUndefined();
		expect(io.read(stream, undefined, { receive() {}, failed() {} })).toBe(
			false,
		);
		expect(gateway.status().nativeIo.state).toBe("on");
	});
});
