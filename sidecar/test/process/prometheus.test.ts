/** The metrics, the alerts and the dashboard, with a real Prometheus. */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { start } from "../../../vite-plugin-matrix-gateway/test/support/child.ts";
import { connect } from "../../../vite-plugin-matrix-gateway/test/support/client.ts";
import { freePort } from "../../../vite-plugin-matrix-gateway/test/support/ports.ts";
import { until } from "../../../vite-plugin-matrix-gateway/test/support/until.ts";
import { makeFolder } from "../support/folder.ts";
import { type Sidecar, startSidecar } from "../support/sidecar.ts";

const example = (name: string) =>
	new URL(`../../examples/${name}`, import.meta.url);
const ALERTS = readFileSync(example("alerts.yml"), "utf8");
const DASHBOARD = JSON.parse(
	readFileSync(example("grafana-dashboard.json"), "utf8"),
) as { panels: { targets?: { expr: string }[] }[] };

/** Where CI is set nothing is skipped: there it has to be installed. */
const isMissing =
	!process.env.CI && spawnSync("prometheus", ["--version"]).error !== undefined;

const TOKEN = "s3cret";

describe.skipIf(isMissing)("with Debian's prometheus", () => {
	test("the alerts are rules, and the metrics are as they should be", async () => {
		const folder = makeFolder({ "alerts.yml": ALERTS });
		const rules = ["check", "rules", "--lint-fatal", "alerts.yml"];
		execFileSync("promtool", rules, { cwd: folder });
		const { httpUrl } = await startSidecar();
		const input = await (await fetch(`${httpUrl}/metrics`)).text();
		const check = spawnSync("promtool", ["check", "metrics"], { input });
		expect(`${check.stdout}${check.stderr}`).toBe("");
		expect(check.status).toBe(0);
	});

	test("it scrapes a sidecar with its token, and knows what the dashboard and the alerts ask for", async () => {
		const sidecar = await startSidecar([], {
			env: { MATRIX_GATEWAY_TOKEN: TOKEN },
		});
		const headers = { authorization: `Bearer ${TOKEN}` };
		const url = `${sidecar.wsUrl}/ws/matrix`;
		const client = await connect(url, { headers });
		await client.register("timmy");
		client.send({ type: "bark" });
		client.send({ type: "note", target_id: "nobody" });
		await client.skipTo("gateway_error");
		const stranger = await connect(url);
		await stranger.closed;
		const gone = await connect(url, { headers });
		gone.close();
		await gone.closed;

		const ask = await startPrometheus(sidecar);
		const asNumber = (result: Result[]) => Number(result[0]?.value[1]);
		await until(
			async () => asNumber(await ask("matrix_gateway_deliveries_total")),
			(value) => value > 0,
			60_000,
		);
		const expected = {
			'matrix_gateway_agents{state="online"}': 1,
			'matrix_gateway_connections{state="agent"}': 1,
			'matrix_gateway_messages_routed_total{kind="broadcast"}': 1,
			'matrix_gateway_errors_total{code="target_offline"}': 1,
			'matrix_gateway_refused_total{status="4001"}': 1,
			matrix_gateway_ready: 1,
			'up{job="matrix-gateway"}': 1,
		};
		for (const [query, value] of Object.entries(expected))
			expect([query, asNumber(await ask(query))]).toEqual([query, value]);
		const known = new Set(
			(await ask('{job="matrix-gateway"}')).map(
				({ metric }) => metric.__name__,
			),
		);
		const asked = [ALERTS, ...expressions()].flatMap(
			(text) => text.match(/\b(?:matrix_gateway|process)_[a-z_]+\b/g) ?? [],
		);
		expect(asked.filter((name) => !known.has(name))).toEqual([]);
		for (const expression of expressions()) await ask(expression);
	}, 90_000);
});

interface Result {
	readonly metric: Readonly<Record<string, string>>;
	readonly value: readonly [number, string];
}

/** Has a Prometheus scrape a sidecar, and returns what asks it. */
async function startPrometheus({ httpUrl }: Sidecar) {
	const port = await freePort();
	const cwd = makeFolder({
		"alerts.yml": ALERTS,
		"prometheus.yml": `
global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [alerts.yml]
scrape_configs:
  - job_name: matrix-gateway
    authorization: { credentials: ${TOKEN} }
    static_configs: [{ targets: ["${new URL(httpUrl).host}"] }]
`,
	});
	const child = start(
		"prometheus",
		[
			"--config.file=prometheus.yml",
			`--storage.tsdb.path=${join(cwd, "data")}`,
			`--web.listen-address=127.0.0.1:${port}`,
		],
		{ cwd },
	);
	onTestFinished(async () => void (await child.exit("SIGKILL")));
	await child.printed(/Server is ready to receive web requests/);
	return async (query: string): Promise<Result[]> => {
		const body = new URLSearchParams({ query });
		const url = `http://127.0.0.1:${port}/api/v1/query`;
		const answer = await fetch(url, { method: "POST", body });
		const { status, data, error } = (await answer.json()) as {
			status: string;
			data?: { result: Result[] };
			error?: string;
		};
		if (status !== "success" || !data) throw new Error(`${query}: ${error}`);
		return data.result;
	};
}

/** What the panels of the dashboard ask for, as Grafana would put it. */
function expressions(): string[] {
	return DASHBOARD.panels
		.flatMap(({ targets = [] }) => targets)
		.map(({ expr }) =>
			expr
				.replaceAll("$__rate_interval", "1m")
				.replaceAll(/\$(?:instance|world)/g, ".*"),
		);
}
