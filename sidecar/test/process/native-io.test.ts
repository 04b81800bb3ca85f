/** How the sidecar goes below Node's streams, and where it cannot. */
import { expect, it } from "vitest";
import type { TestClient } from "../../../vite-plugin-matrix-gateway/test/support/client.ts";
import { connectTo } from "../support/clients.ts";
import {
	type LogLine,
	type SidecarOptions,
	startSidecar,
} from "../support/sidecar.ts";

const NODE = Number.parseInt(process.versions.node, 10);

/** Against the variable with which all suites may run. */
const AUTO = "--native-io=auto";

async function start(args: readonly string[], options?: SidecarOptions) {
	const sidecar = await startSidecar(args, options);
	const url = `${sidecar.httpUrl}/api/gateway/status`;
	return {
		...sidecar,
		status: async () => ((await (await fetch(url)).json()) as Status).nativeIo,
		told: () => linesOf(sidecar.child.logs(), "nativeIo"),
	};
}

/** Among others, which may be V8's own. */
function linesOf(log: string, event: string): LogLine[] {
	const lines = log.match(new RegExp(`^.*"event":"${event}".*$`, "gm")) ?? [];
	return lines.map((line) => JSON.parse(line));
}

interface Status {
	readonly nativeIo: { readonly state: string; readonly reasons: string[] };
}

/** Two agents hear each other. */
async function talk(wsUrl: string): Promise<void> {
	const join = async (name: string): Promise<TestClient> => {
		const client = await connectTo({ wsUrl });
		await client.register(name);
		return client;
	};
	const [timmy, perplexity] = [await join("timmy"), await join("perplexity")];
	timmy.send({ type: "bark", text: "Hello" });
	expect(await perplexity.next("bark")).toMatchObject({ text: "Hello" });
}

it("goes below streams by default, and has nothing to tell of that [HTTP1]", async () => {
	const { wsUrl, status, told } = await start([AUTO]);
	await talk(wsUrl);
	expect(await status()).toEqual({ state: "on", reasons: [] });
	expect(told()).toEqual([]);
});

it.each<[string, string[], Record<string, string>]>([
	["a flag", ["--native-io=off"], { MATRIX_GATEWAY_NATIVE_IO: "auto" }],
	["the environment", [], { MATRIX_GATEWAY_NATIVE_IO: "off" }],
])("does not where %s says so [HTTP1]", async (_, args, env) => {
	const { wsUrl, status, told } = await start(args, { env });
	await talk(wsUrl);
	expect(await status()).toEqual({ state: "off", reasons: [] });
	expect(told()).toEqual([]);
});

it("serves without WebAssembly, and says so once [HTTP1]", async () => {
	const env = { NODE_OPTIONS: "--jitless" };
	const { child, wsUrl, status, told, logged } = await start([AUTO], { env });
	const line = await logged("nativeIo");
	expect(line).toMatchObject({
		level: "warn",
		reason: expect.stringMatching(/no WebAssembly/),
	});
	if (NODE < 24) await logged("fetch");
	await talk(wsUrl);
	expect(await status()).toEqual({ state: "limited", reasons: [line.reason] });
	expect(told()).toHaveLength(1);
	expect(await child.exit("SIGTERM")).toBe(0);
});

// The second has room for one of the two memories that are asked for: ours, and that of `fetch`.
it.runIf(process.platform === "linux").each([4_000_000, 16_000_000])(
	"serves with %d kB of addresses, and says so once if that is too few [HTTP1]",
	async (addresses) => {
		const sidecar = await start([AUTO], {
			ulimit: `-v ${addresses}`,
		});
		const { child, wsUrl, status, told, logged } = sidecar;
		if (NODE < 24) await logged("fetch");
		await talk(wsUrl);
		const reasons = told().map(({ reason }) => reason);
		// Since Node 24 V8 does with fewer by itself.
		const isEnough = NODE >= 24 || addresses > 12_000_000;
		const reason = expect.stringMatching(/`ulimit -v`/);
		expect(reasons).toEqual(isEnough ? [] : [reason]);
		const state = isEnough ? "on" : "limited";
		expect(await status()).toEqual({ state, reasons });
		expect(await child.exit("SIGTERM")).toBe(0);
	},
);
