/** A WebSocket in memory, between the client and a gateway. */
import { expect, onTestFinished, test } from "vitest";
import { createMatrixClient } from "../../src/client/create-client.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import {
	MemoryWebSocket,
	memoryWebSocket,
	type OpenSocket,
} from "../../src/node/memory-socket.ts";

function createParts() {
	const gateway = createGateway();
	onTestFinished(() => gateway.close());
	return { gateway, open: ((socket) => gateway.open(socket)) as OpenSocket };
}

/** What happens on a socket, in order. */
function watch(socket: MemoryWebSocket) {
	const told: unknown[] = [];
	let wake = () => {};
	const tell = (what: unknown) => {
		told.push(what);
		wake();
	};
	socket.addEventListener("open", () => tell("open"));
	socket.addEventListener("message", ({ data }) => tell(JSON.parse(data).type));
	socket.addEventListener("error", ({ message }) => tell(message));
	socket.addEventListener("close", ({ code }) => tell(code));
	return {
		told,
		until: async (last: unknown) => {
			while (told.at(-1) !== last)
				await new Promise<void>((resolve) => {
					wake = resolve;
				});
		},
	};
}

test("it opens in a later turn, and speaks in order", async () => {
	const socket = new MemoryWebSocket(createParts().open);
	const { told, until } = watch(socket);
	expect(told).toEqual([]);
	await until("open");
	expect(socket.readyState).toBe(1);
	socket.send('{"type":"agent_register","agentId":"timmy"}');
	socket.send('{"type":"ping"}');
	expect(told).toEqual(["open"]);
	await until("pong");
	expect(told).toEqual(["open", "agent_registered", "agent_joined", "pong"]);
});

test("what was sent before a close has arrived", async () => {
	const { gateway, open } = createParts();
	const other = new MemoryWebSocket(open);
	const heard = watch(other);
	await heard.until("open");
	other.send('{"type":"agent_register","agentId":"ada"}');
	await heard.until("agent_joined");
	const socket = new MemoryWebSocket(open);
	const { until, told } = watch(socket);
	await until("open");
	socket.send('{"type":"bark","text":"Goodbye"}');
	socket.close(1000);
	socket.send('{"type":"bark","text":"Too late"}');
	await until(1000);
	await heard.until("bark");
	other.send('{"type":"ping"}');
	await heard.until("pong");
	expect(heard.told.filter((type) => type === "bark")).toHaveLength(1);
	expect(told.at(-1)).toBe(1000);
	expect(gateway.status().connections).toBe(1);
});

test("a gateway that closes is heard out first", async () => {
	const { gateway, open } = createParts();
	const { told, until } = watch(new MemoryWebSocket(open));
	await until("open");
	const closed = gateway.close({ reason: "restart" });
	await until(1012);
	await closed;
	expect(told).toEqual(["open", "gateway_shutdown", 1012]);
});

test("where there is no gateway it is told why, and closes", async () => {
	const socket = new MemoryWebSocket(() => {
		throw new Error("no such world");
	});
	const { told, until } = watch(socket);
	await until(1006);
	expect(told).toEqual(["no such world", 1006]);
	expect(socket.readyState).toBe(3);
});

test("one that is closed before it has opened leaves no connection", async () => {
	const { gateway, open } = createParts();
	let goOn = () => {};
	const late = new Promise<void>((resolve) => {
		goOn = resolve;
	});
	const socket = new MemoryWebSocket(async (end) => {
		await late;
		return open(end);
	});
	const { until } = watch(socket);
	socket.close(1000);
	await until(1000);
	goOn();
	const { until: untilOther } = watch(new MemoryWebSocket(open));
	await untilOther("open");
	expect(gateway.status().connections).toBe(1);
});

test("the client resumes over it", async () => {
	const { gateway, open } = createParts();
	let handle: ReturnType<typeof gateway.open> | undefined;
	let end = () => {};
	const WebSocket = memoryWebSocket(async (socket) => {
		end = () => socket.terminate?.();
		handle = await open(socket);
		return handle;
	});
	const backoff = { min: 0, max: 0 };
	const client = createMatrixClient({
		...{ url: "ws://here", agentId: "ada", WebSocket, backoff },
	});
	onTestFinished(() => client.dispose());
	const next = (wanted: string) =>
		new Promise((resolve) => {
			const stop = client.onState((state) => {
				if (state.status !== wanted) return;
				stop();
				resolve(state);
			});
		});
	expect(await next("online")).toEqual({ status: "online" });
	const back = next("online");
	end();
	expect(await back).toEqual({ status: "online", resumed: true });
});
