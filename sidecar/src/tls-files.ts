/** The files of `--tls-cert` and `--tls-key`, and what is wrong with them. */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { ExitError, quoted, UsageError } from "./errors.ts";
import type { Settings } from "./settings.ts";

/** Where both are. */
export interface TlsFiles {
	readonly cert: string;
	readonly key: string;
}

/** What is in them, PEM. */
export interface Certificate {
	readonly cert: string;
	readonly key: string;
}

/**
 * The files that were given; undefined where none was.
 * @throws UsageError where it is only one of them.
 */
export function tlsFilesOf({
	tlsCert: cert,
	tlsKey: key,
}: Pick<Settings, "tlsCert" | "tlsKey">): TlsFiles | undefined {
	if (cert !== undefined && key !== undefined) return { cert, key };
	if (cert !== undefined)
		throw new UsageError("--tls-cert needs --tls-key beside it");
	if (key !== undefined)
		throw new UsageError("--tls-key needs --tls-cert beside it");
	return undefined;
}

/**
 * Reads them, and tries whether they can be used.
 * @throws ExitError that names the flag at fault. Nothing of the key is in it.
 */
export function readCertificate(files: TlsFiles): Certificate {
	const certificate = {
		cert: readPem("--tls-cert", files.cert),
		key: readPem("--tls-key", files.key),
	};
	const leaf = parse("--tls-cert", files.cert, "certificate", () =>
		leafOf(certificate),
	);
	const key = parse("--tls-key", files.key, "private key", () =>
		keyOf(certificate),
	);
	if (!leaf.checkPrivateKey(key))
		throw new ExitError(
			`--tls-key: ${quoted(files.key)} is not the key of the certificate in ${quoted(files.cert)}`,
		);
	// What comes after the certificate has to be some as well.
	parse("--tls-cert", files.cert, "certificate", () =>
		createSecureContext(certificate),
	);
	return certificate;
}

/** What is told of a certificate; dates are ISO 8601. */
export function describe(certificate: Certificate) {
	const { subject, validFrom, validTo, fingerprint256 } = leafOf(certificate);
	return {
		subject: subject?.replaceAll("\n", ", "),
		validFrom: new Date(validFrom).toISOString(),
		validTo: new Date(validTo).toISOString(),
		fingerprint256,
	};
}

function leafOf({ cert }: Certificate): X509Certificate {
	return new X509Certificate(cert);
}

function keyOf({ key }: Certificate): KeyObject {
	return createPrivateKey(key);
}

/** From where it begins: tools put words of their own before that. */
function readPem(flag: string, path: string): string {
	try {
		const text = readFileSync(path, "latin1");
		return text.slice(Math.max(0, text.indexOf("-----BEGIN ")));
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		throw new ExitError(`${flag}: ${quoted(path)} cannot be read (${code})`);
	}
}

function parse<Value>(
	flag: string,
	path: string,
	what: string,
	make: () => Value,
): Value {
	try {
		return make();
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		const why =
			code === "ERR_MISSING_PASSPHRASE" ? "it has a passphrase" : code;
		throw new ExitError(
			`${flag}: ${quoted(path)} holds no ${what} in PEM that can be used${why ? ` (${why})` : ""}`,
		);
	}
}
