/** What a hub serves TLS with, where it is to. */
import { readFileSync } from "node:fs";

const { BENCH_TLS } = process.env;

export const credentials = BENCH_TLS
	? {
			key: readFileSync(`${BENCH_TLS}/key.pem`),
			cert: readFileSync(`${BENCH_TLS}/cert.pem`),
		}
	: undefined;
