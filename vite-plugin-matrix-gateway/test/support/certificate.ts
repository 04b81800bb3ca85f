/** What a server needs for TLS. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Certificate {
	readonly key: string;
	readonly cert: string;
}

/** A certificate that nobody trusts, by openssl from PATH. */
export function makeCertificate(): Certificate {
	const folder = mkdtempSync(join(tmpdir(), "certificate-"));
	const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
	const name = [
		"-subj",
		"/CN=localhost",
		"-addext",
		"subjectAltName=IP:127.0.0.1",
	];
	const files = ["-keyout", key, "-out", cert];
	const kind = [
		"-x509",
		"-newkey",
		"ec",
		"-pkeyopt",
		"ec_paramgen_curve:P-256",
		"-nodes",
		"-days",
		"1",
	];
	execFileSync("openssl", ["req", ...kind, ...name, ...files], {
		stdio: "pipe",
	});
	const made = {
		key: readFileSync(key, "utf8"),
		cert: readFileSync(cert, "utf8"),
	};
	rmSync(folder, { recursive: true });
	return made;
}
