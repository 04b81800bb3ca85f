/** A certificate and its key in files, as `--tls-cert` and `--tls-key` name them. */
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
	type Certificate,
	makeCertificate,
} from "../../../vite-plugin-matrix-gateway/test/support/certificate.ts";
import { makeFolder } from "./folder.ts";

export interface CertificateFiles {
	readonly folder: string;
	readonly cert: string;
	readonly key: string;
	/** Those that name them. */
	readonly flags: readonly string[];
	readonly first: Certificate;
	/** Puts others in their place, whole from one moment to the next. */
	replace(certificate: Certificate): void;
}

export function makeCertificateFiles(): CertificateFiles {
	const first = makeCertificate();
	const folder = makeFolder({ "cert.pem": first.cert, "key.pem": first.key });
	const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
	return {
		...{ folder, cert, key, first },
		flags: [`--tls-cert=${cert}`, `--tls-key=${key}`],
		replace(certificate) {
			for (const [file, text] of [
				[cert, certificate.cert],
				[key, certificate.key],
			] as const) {
				writeFileSync(`${file}.new`, text);
				renameSync(`${file}.new`, file);
			}
		},
	};
}
