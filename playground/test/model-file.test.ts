import { once } from "node:events";
import {
	createServer,
	type IncomingMessage,
	type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { fetchModel } from "../src/world/model-file.ts";
import { createTurns } from "../src/world/turns.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const json = (model: object): Answer => {
	return (_, response) => response.end(JSON.stringify(model));
};

/** The same in one file, with its JSON in the first chunk. */
function binary(model: object): Buffer {
	const text = Buffer.from(JSON.stringify(model));
	const head = Buffer.alloc(20);
	head.write("glTF", 0);
	head.writeUInt32LE(2, 4);
	head.writeUInt32LE(20 + text.length, 8);
	head.writeUInt32LE(text.length, 12);
	head.write("JSON", 16);
	return Buffer.concat([head, text]);
}

/** A server, and what it was asked for. */
async function serve(answers: Record<string, Answer>) {
	const asked: IncomingMessage[] = [];
	const server = createServer((request, response) => {
		asked.push(request);
		const answer = answers[new URL(request.url ?? "", "http://x").pathname];
		if (answer) answer(request, response);
		else response.writeHead(404).end();
	}).listen(0, "127.0.0.1");
	server.keepAliveTimeout = 100;
	await once(server, "listening");
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const { port } = server.address() as AddressInfo;
	const origin = `http://127.0.0.1:${port}`;
	return { origin, asked, paths: () => asked.map(({ url }) => url) };
}

const never = new AbortController().signal;

const endless: Answer = (_, response) => {
	const more = () => {
		while (response.write(Buffer.alloc(65_536)));
		response.once("drain", more);
	};
	more();
};

test("a model comes with the files that it names, and nobody learns who asked", async () => {
	const model = {
		buffers: [{ uri: "a%20b.bin" }, { uri: "data:,x" }, {}],
		images: [{ uri: "../wood.png" }, { uri: "../wood.png" }, { bufferView: 0 }],
	};
	const { origin, asked, paths } = await serve({
		"/models/tree.gltf": json(model),
		"/models/a%20b.bin": (_, response) => response.end("points"),
		"/wood.png": (_, response) => response.end("wood"),
	});
	const page = `${origin}/index.html?as=ada`;
	const file = await fetchModel("models/tree.gltf", { page }, never);
	expect(file.base).toBe(`${origin}/models/tree.gltf`);
	expect([...file.files.keys()]).toEqual([
		`${origin}/models/a%20b.bin`,
		`${origin}/wood.png`,
	]);
	expect(paths()).toHaveLength(3);
	for (const { headers } of asked) {
		expect(headers.referer).toBeUndefined();
		expect(headers.cookie).toBeUndefined();
	}
});

test("of another origin, one comes that is listed", async () => {
	const other = await serve({
		"/a.glb": (_, answer) => answer.end(binary({})),
	});
	const rules = { page: "http://page.test/", origins: [other.origin] };
	const { files } = await fetchModel(`${other.origin}/a.glb`, rules, never);
	expect(files.size).toBe(0);
});

/** `HERE` is the page's host, `OTHER` another name of the same server. */
test.each([
	["another origin", "http://OTHER/a.glb"],
	["another scheme", "https://HERE/a.glb"],
	["no scheme", "//OTHER/a.glb"],
	["credentials", "http://a:b@HERE/a.glb"],
	["content of the page", "blob:http://HERE/a.glb"],
	["a file of this machine", "file:///etc/passwd.bin"],
	["a script", "javascript:alert(1)//.glb"],
	["the gateway's status", "/api/gateway/status"],
	["the same in disguise", "/api/gateway/status?token=a#/a.glb"],
	["the same behind a name", "/api/gateway/status?/a.glb"],
	["no file", "/"],
])("%s is not asked for, nor where a model names it", async (_, address) => {
	const answers: Record<string, Answer> = {};
	const { origin, paths } = await serve(answers);
	const { host, port } = new URL(origin);
	const url = address
		.replace("HERE", host)
		.replace("OTHER", `localhost:${port}`);
	await expect(fetchModel(url, { page: origin }, never)).rejects.toThrow();
	expect(paths()).toEqual([]);
	answers["/m.gltf"] = json({ buffers: [{ uri: "a.bin" }, { uri: url }] });
	await expect(fetchModel("m.gltf", { page: origin }, never)).rejects.toThrow();
	expect(paths()).toEqual(["/m.gltf"]);
});

test("a model is no content of its address", async () => {
	const content = "data:application/json,{}";
	const rules = { page: "http://page.test/" };
	await expect(fetchModel(content, rules, never)).rejects.toThrow();
});

test.each([301, 302, 303, 307, 308])(
	"a redirect is not followed: %i",
	async (status) => {
		const other = await serve({});
		const lead = (location: string): Answer => {
			return (_, response) => response.writeHead(status, { location }).end();
		};
		const { origin, paths } = await serve({
			"/a.glb": lead(`${other.origin}/a.glb`),
			"/b.gltf": json({ buffers: [{ uri: "a.glb" }] }),
			"/c.glb": lead("/api/gateway/status"),
		});
		for (const url of ["a.glb", "b.gltf", "c.glb"])
			await expect(fetchModel(url, { page: origin }, never)).rejects.toThrow();
		expect(other.paths()).toEqual([]);
		expect(paths()).toEqual(["/a.glb", "/b.gltf", "/a.glb", "/c.glb"]);
	},
);

test.each<[string, Answer]>([
	["one without an end", endless],
	[
		"one that says that it is small",
		(_, response) => {
			response.socket?.write(
				"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-File-Size: 1\r\n\r\n",
			);
			response.socket?.write(`100000\r\n${" ".repeat(0x100000)}\r\n`);
		},
	],
	[
		"one that is small until it is unpacked",
		(_, response) => {
			response.setHeader("content-encoding", "gzip");
			response.end(gzipSync(Buffer.alloc(50_000_000, " ")));
		},
	],
])("%s is let go at the limit", async (_, answer) => {
	const { origin, asked } = await serve({
		"/a.glb": answer,
		"/b.gltf": json({ buffers: [{ uri: "a.glb" }] }),
	});
	const rules = { page: origin, maxBytes: 1_000_000 };
	for (const url of ["a.glb", "b.gltf"])
		await expect(fetchModel(url, rules, never)).rejects.toThrow("too large");
	for (const { socket } of asked) {
		socket.on("error", () => {});
		if (!socket.destroyed)
			await new Promise((resolve) => socket.once("close", resolve));
	}
});

test("the limit is for a model with all its files", async () => {
	const names = Array.from({ length: 5 }, (_, number) => `${number}.bin`);
	const blob: Answer = (_, response) => response.end(Buffer.alloc(300));
	const { origin } = await serve({
		"/a.gltf": json({ buffers: names.map((uri) => ({ uri })) }),
		...Object.fromEntries(names.map((name) => [`/${name}`, blob])),
	});
	const get = (maxBytes: number) =>
		fetchModel("a.gltf", { page: origin, maxBytes }, never);
	await expect(get(1_200)).rejects.toThrow("too large");
	expect((await get(3_000)).files.size).toBe(5);
});

test("one that never answers is let go when its time is over", async () => {
	const { origin, asked } = await serve({ "/a.glb": () => {} });
	const stop = new AbortController();
	const model = fetchModel("a.glb", { page: origin }, stop.signal);
	model.catch(() => {});
	while (asked.length === 0) await new Promise(setImmediate);
	stop.abort(new Error("over"));
	await expect(model).rejects.toThrow("over");
});

test.each([
	["no JSON", "<html>"],
	["no object", "null"],
	[
		"a binary file without JSON",
		Buffer.concat([Buffer.from("glTF"), Buffer.alloc(16)]),
	],
	["points without end", JSON.stringify({ accessors: [{ count: 2e9 }] })],
	[
		"points that add up",
		JSON.stringify({ accessors: Array(11).fill({ count: 1e5 }) }),
	],
	[
		"points that cancel out",
		JSON.stringify({ accessors: [{ count: 2e9 }, { count: -2e9 }] }),
	],
	[
		"points that are no number",
		JSON.stringify({ accessors: [{ count: "many" }] }),
	],
	[
		"too many files",
		JSON.stringify({ images: Array(65).fill({ uri: "a.png" }) }),
	],
	["too many parts", binary({ nodes: Array(2_001).fill({}) })],
])("what holds %s is not built", async (_, content) => {
	const { origin } = await serve({
		"/a.glb": (_, response) => response.end(content),
	});
	await expect(fetchModel("a.glb", { page: origin }, never)).rejects.toThrow();
});

test("so many come at a time, and each has its turn, also after one that fails", async () => {
	const turns = createTurns(2);
	const works = Array.from({ length: 5 }, () => deferred());
	const begun: number[] = [];
	const all = works.map(({ promise }, number) =>
		turns.take(() => {
			begun.push(number);
			return promise;
		}),
	);
	expect(begun).toEqual([0, 1]);
	works[1]?.reject(new Error("broken"));
	await expect(all[1]).rejects.toThrow("broken");
	expect(begun).toEqual([0, 1, 2]);
	for (const work of works) work.resolve();
	await Promise.allSettled(all);
	expect(begun).toEqual([0, 1, 2, 3, 4]);
});

function deferred() {
	let resolve = () => {};
	let reject = (_: Error) => {};
	const promise = new Promise<void>((...both) => {
		[resolve, reject] = both;
	});
	return {
		promise,
		resolve: () => resolve(),
		reject: (error: Error) => reject(error),
	};
}
