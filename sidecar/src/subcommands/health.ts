/** `health`: whether the gateway of this machine lives, for containers that have no other program to ask. */
import { get as getHttp } from "node:http";
import { get as getHttps } from "node:https";
import { ExitError } from "../errors.ts";
import { SETTINGS, type Settings } from "../settings.ts";
import { Subcommand } from "../subcommand.ts";

type Where = Pick<Settings, "port" | "host" | "tlsCert">;

const { port, host, tlsCert } = SETTINGS;

export function createHealth(): Subcommand {
	const health = new Subcommand("health")
		.summary("Ask the gateway of this machine whether it lives.")
		.description(
			"Asks /healthz of the gateway that has the same settings, and ends with 0 where that answers, else with 1. For the health check of a container.",
		)
		.addSettings({ port, host, tlsCert });
	return health.action(() => ask(health.readSettings() as Where));
}

/** @throws ExitError where it does not answer. */
function ask({ port, host, tlsCert }: Where): Promise<void> {
	const isSecure = tlsCert !== undefined;
	const options = {
		...{ host: reachable(host), port, path: "/healthz", timeout: TIMEOUT },
		agent: false,
		// It is asked on its own machine, by an address that its certificate need not have.
		rejectUnauthorized: false,
	};
	return new Promise<void>((resolve, reject) => {
		const fail = (why: string) =>
			reject(new ExitError(`${options.host}:${port} ${why}`));
		const request = (isSecure ? getHttps : getHttp)(options, (response) => {
			response.resume();
			if (response.statusCode === 200) resolve();
			else fail(`answers ${response.statusCode}`);
		});
		request.on("timeout", () =>
			request.destroy(new Error(`no answer within ${TIMEOUT} ms`)),
		);
		request.on("error", ({ message }) => fail(`does not answer: ${message}`));
	});
}

/** Milliseconds; less than what Docker waits for by default. */
const TIMEOUT = 5_000;

/** Who listens everywhere is reached here. */
function reachable(host: string | undefined): string {
	if (host === undefined || host === "0.0.0.0") return "127.0.0.1";
	return host === "::" ? "::1" : host;
}
