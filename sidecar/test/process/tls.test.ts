/** TLS, and certificates that are replaced while it is spoken. */
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { describe, expect, it } from "vitest";
import {
	type Certificate,
	makeCertificate,
} from "../../../vite-plugin-matrix-gateway/test/support/certificate.ts";
import {
	connect,
	type TestClient,
} from "../../../vite-plugin-matrix-gateway/test/support/client.ts";
import { startInTerminal } from "../../../vite-plugin-matrix-gateway/test/support/terminal.ts";
import { until } from "../../../vite-plugin-matrix-gateway/test/support/until.ts";
import { makeCertificateFiles } from "../support/certificate-files.ts";
import { makeFolder } from "../support/folder.ts";
import {
	LOCAL,
	run,
	SIDECAR_FILE,
	type Sidecar,
	startSidecar,
} from "../support/sidecar.ts";

describe("with --tls-cert and --tls-key", () => {
	it("speaks TLS, and says so", async () => {
		const { flags, first } = makeCertificateFiles();
		const sidecar = await startSidecar(flags);
		const { urls, http } = await sidecar.logged("listening");
		expect([urls, http].flat().join()).toMatch(/^wss:.*,https:/);
		const client = await secure(sidecar, first);
		await client.register("timmy");
		await expect(fetch(`${sidecar.httpUrl}/healthz`)).rejects.toThrow();
		expect(await sidecar.child.exit("SIGTERM")).toBe(0);
	});

	it("speaks it at each address of localhost", async () => {
		const { flags, first } = makeCertificateFiles();
		const child = run([...flags, "--port=0", "--log-format=json"]);
		const [, port] = await child.printed(/"port":(\d+)/);
		for (const host of ["127.0.0.1", ...(HAS_IPV6 ? ["::1"] : [])])
			expect(await shownAt({ host, port: Number(port) })).toBe(
				fingerprintOf(first),
			);
	});

	it("drops nobody when they are replaced under load; who comes then sees the new one", async () => {
		const { flags, first, replace } = makeCertificateFiles();
		const sidecar = await startSidecar(flags);
		const [speaker, listener] = await Promise.all([
			secure(sidecar, first),
			secure(sidecar, first),
		]);
		await speaker.register("speaker");
		await listener.register("listener");
		const talk = keepTalking(speaker);
		let heard = 0;
		for (let round = 0; round < ROUNDS; round++) {
			const next = makeCertificate();
			replace(next);
			await until(() => fingerprint(sidecar), isOf(next));
			const newcomer = await secure(sidecar, next);
			newcomer.close();
		}
		const said = talk.stop();
		speaker.send({ type: "last" });
		for (;;) {
			const { type, n } = await listener.next();
			if (type === "last") break;
			if (type === "bark") expect(n).toBe(heard++);
		}
		expect(heard).toBe(said);
		expect(heard).toBeGreaterThan(10);
	}, 60_000);

	it("keeps what it has where the new ones are of no use, and says why", async () => {
		const { flags, cert, key, first, replace } = makeCertificateFiles();
		const sidecar = await startSidecar(flags);
		writeFileSync(key, makeCertificate().key);
		expect(await failure(sidecar, "not the key")).toMatch(/^--tls-key: /);
		writeFileSync(cert, "-----BEGIN CERTIFICATE-----\nrubbish\n");
		expect(await failure(sidecar, "no certificate")).toMatch(/^--tls-cert: /);
		expect(await fingerprint(sidecar)).toBe(fingerprintOf(first));
		const next = makeCertificate();
		replace(next);
		await until(() => fingerprint(sidecar), isOf(next));
	});

	it("sees a folder of theirs replaced by a link to another one, as Kubernetes does", async () => {
		const [first, next] = [makeCertificate(), makeCertificate()];
		const folder = makeFolder();
		const put = (name: string, certificate: Certificate) => {
			mkdirSync(join(folder, name));
			writeFileSync(join(folder, name, "tls.crt"), certificate.cert);
			writeFileSync(join(folder, name, "tls.key"), certificate.key);
			symlinkSync(name, join(folder, "..new"));
			renameSync(join(folder, "..new"), join(folder, "..data"));
		};
		put("one", first);
		for (const file of ["tls.crt", "tls.key"])
			symlinkSync(join("..data", file), join(folder, file));
		const sidecar = await startSidecar([
			`--tls-cert=${join(folder, "tls.crt")}`,
			`--tls-key=${join(folder, "tls.key")}`,
		]);
		put("two", next);
		await until(() => fingerprint(sidecar), isOf(next));
	});

	it("reads them at once on SIGHUP, and goes on", async () => {
		const { flags, first, replace } = makeCertificateFiles();
		const sidecar = await startSidecar(flags);
		const client = await secure(sidecar, first);
		await client.register("timmy");
		const next = makeCertificate();
		replace(next);
		sidecar.child.process.kill("SIGHUP");
		await sidecar.child.printed(/new connections get another certificate/);
		expect(await fingerprint(sidecar)).toBe(fingerprintOf(next));
		await client.expectNothing();
		expect(await sidecar.child.exit("SIGTERM")).toBe(0);
	});

	it("ends on a SIGHUP that its terminal sends when it closes", async () => {
		const { flags, first } = makeCertificateFiles();
		const args = [SIDECAR_FILE, ...LOCAL, ...flags, "--log-format=json"];
		const terminal = startInTerminal(process.execPath, args);
		const [url] = await terminal.printed(/wss:\/\/127\.0\.0\.1:\d+/);
		const client = await connect(`${url}/ws/matrix`, { ca: first.cert });
		await client.register("timmy");
		const exit = terminal.exit("SIGUSR1");
		await client.next("gateway_shutdown");
		expect(await exit).toBe(0);
	});
});

describe("at the start", () => {
	const { cert, key } = makeCertificate();
	const other = makeCertificate();
	it.each([
		["no key", ["--tls-cert=cert"], 2, /^--tls-cert needs --tls-key/],
		["no certificate", ["--tls-key=key"], 2, /^--tls-key needs --tls-cert/],
		["no such file", [`--tls-cert=none`, `--tls-key=key`], 2, /^--tls-cert: /],
		[
			"the key of another",
			["--tls-cert=cert", "--tls-key=other"],
			1,
			/^--tls-key: "[^"]+" is not the key of/,
		],
		[
			"a key for a certificate",
			["--tls-cert=key", "--tls-key=key"],
			1,
			/^--tls-cert: .* holds no certificate/,
		],
		[
			"a certificate for a key",
			["--tls-cert=cert", "--tls-key=cert"],
			1,
			/^--tls-key: .* holds no private key/,
		],
	])(
		"says on one line which flag is at fault: %s",
		async (_what, args, code, line) => {
			const cwd = makeFolder({ cert, key, other: other.key });
			const child = run([...LOCAL, ...args], { cwd });
			expect(await child.exit()).toBe(code);
			const [first = "", ...rest] = child.logs().trimEnd().split("\n");
			expect(first.replace("matrix-gateway: ", "")).toMatch(line);
			expect(rest).toEqual([]);
		},
	);
});

const HAS_IPV6 = Object.values(networkInterfaces())
	.flat()
	.some((info) => info?.address === "::1");

const ROUNDS = Number(process.env.MATRIX_TLS_ROUNDS ?? 3);

function secure(
	{ wsUrl }: Sidecar,
	{ cert }: Certificate,
): Promise<TestClient> {
	return connect(`${wsUrl.replace("ws:", "wss:")}/ws/matrix`, { ca: cert });
}

/** Of the certificate that a new connection is shown. */
async function fingerprint({ httpUrl }: Sidecar): Promise<string> {
	const { hostname: host, port } = new URL(httpUrl);
	return shownAt({ host, port: Number(port) });
}

async function shownAt(address: { host: string; port: number }) {
	const socket = connectTls({ ...address, rejectUnauthorized: false });
	await once(socket, "secureConnect");
	const { fingerprint256 } = socket.getPeerCertificate();
	socket.destroy();
	return fingerprint256;
}

function fingerprintOf({ cert }: Certificate): string {
	return new X509Certificate(cert).fingerprint256;
}

function isOf(certificate: Certificate): (shown: string) => boolean {
	return (shown) => shown === fingerprintOf(certificate);
}

/** The reason that it gives for keeping what it has. */
async function failure({ child }: Sidecar, part: string): Promise<string> {
	const pattern = new RegExp(`"reason":"([^\\n]*${part}[^\\n]*)","msg"`);
	const [, reason = ""] = await child.printed(pattern);
	return reason;
}

function keepTalking(speaker: TestClient) {
	let n = 0;
	const timer = setInterval(() => speaker.send({ type: "bark", n: n++ }), 5);
	return {
		stop() {
			clearInterval(timer);
			return n;
		},
	};
}
