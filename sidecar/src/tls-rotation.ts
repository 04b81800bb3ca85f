/** Certificates that are replaced while the server runs: nobody who is connected notices. */
import { type StatsListener, unwatchFile, watchFile } from "node:fs";
import type { Server } from "node:http";
import type { Server as TlsServer } from "node:tls";
import { ExitError } from "./errors.ts";
import type { Logger } from "./logging.ts";
import {
	type Certificate,
	describe,
	readCertificate,
	type TlsFiles,
} from "./tls-files.ts";

export interface RotationParts {
	/** Speaks TLS with `certificate`, which was read from `files`. */
	readonly server: Server;
	readonly certificate: Certificate;
	readonly files: TlsFiles;
	readonly log: Logger;
}

/** Reads a certificate's files again whenever they change. Returns what does so at once. */
export function rotateCertificate(parts: RotationParts): () => void {
	const { server, files, log } = parts;
	let { certificate } = parts;
	let timer: NodeJS.Timeout | undefined;

	function read(): void {
		clearTimeout(timer);
		try {
			const next = readCertificate(files);
			if (isSame(certificate, next)) return;
			certificate = next;
			// Connections that there are go on with what they agreed on; new ones get this.
			(server as unknown as TlsServer).setSecureContext(next);
			log.info({ event: "certificate", ...describe(next) }, TAKEN);
		} catch (error) {
			if (!(error instanceof ExitError)) throw error;
			log.error({ event: "certificate", reason: error.message }, KEPT);
		}
	}

	const changed: StatsListener = () => {
		clearTimeout(timer);
		timer = setTimeout(read, SETTLING).unref();
	};
	// By looking, not by being told: that sees through every link on the way to a file, of which any
	// may be replaced (by certbot the last one, by Kubernetes a folder), and works on any file system.
	for (const file of new Set([files.cert, files.key]))
		watchFile(file, { interval: INTERVAL, persistent: false }, changed);
	server.once("close", () => {
		clearTimeout(timer);
		for (const file of [files.cert, files.key]) unwatchFile(file, changed);
	});
	log.info({ event: "certificate", ...describe(certificate) }, "certificate");
	return read;
}

const TAKEN = "new connections get another certificate";
const KEPT = "the certificate stays as it was, for its files cannot be used";

/** Milliseconds between two looks at the files. */
const INTERVAL = 500;

/** Milliseconds from a change until they are read: who replaces one replaces the other at once. */
const SETTLING = 250;

function isSame(one: Certificate, other: Certificate): boolean {
	return one.cert === other.cert && one.key === other.key;
}
