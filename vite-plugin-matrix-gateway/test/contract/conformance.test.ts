/**
 * RFC 6455, in the groups of Autobahn's test suite for servers: each case at once, frame by frame, and
 * in pieces, over a bare socket. Messages are echoed; where they are none of ours, refused.
 */
import { describe, expect, test } from "vitest";
import { type TestGateway, useGateway } from "../support/gateway.ts";
import type { Host } from "../support/host.ts";
import { HOSTS } from "../support/hosts.ts";
import { IS_NATIVE_IO_OFF } from "../support/native-io.ts";
import { sidecar } from "../support/sidecar.ts";
import { BITS_AND_OPCODES } from "./conformance/bits.ts";
import type { ConformanceCase, ConformanceGroup } from "./conformance/case.ts";
import { CLOSING } from "./conformance/closing.ts";
import { DEFLATING } from "./conformance/deflating.ts";
import { FRAGMENTATION } from "./conformance/fragmentation.ts";
import { FRAMING } from "./conformance/framing.ts";
import { inOrder, play, waysOf } from "./conformance/play.ts";
import { UTF8 } from "./conformance/utf8.ts";

/** What the other hosts differ in is not how they read. */
const READERS = HOSTS.filter(({ name }) =>
	["vite dev", "sidecar"].includes(name),
);

const WITHOUT_NATIVE_IO: Host = {
	...{ name: "sidecar without native I/O", isVite: false },
	start: (options) => sidecar({ ...options, nativeIo: "off" }),
};

const GROUPS: readonly ConformanceGroup[] = [
	...FRAMING,
	...BITS_AND_OPCODES,
	...FRAGMENTATION,
	...UTF8,
	...CLOSING,
];

const OFFER = { "Sec-WebSocket-Extensions": "permessage-deflate" };

describe.each(IS_NATIVE_IO_OFF ? READERS : [...READERS, WITHOUT_NATIVE_IO])(
	"RFC 6455 on $name",
	(host) => {
		runAll(GROUPS, useGateway(host, { echo: true }));
	},
);

describe.each(READERS)("RFC 7692 on $name", (host) => {
	runAll(DEFLATING, useGateway(host, { echo: true, compression: true }), OFFER);
});

function runAll(
	groups: readonly ConformanceGroup[],
	gateway: TestGateway,
	headers?: Record<string, string>,
): void {
	for (const { name, cases } of groups)
		for (const [section, some] of sectionsOf(cases))
			test(`CON9 ${name}: ${section}`, async () => {
				const answers: Record<string, string[]> = {};
				for (const one of some)
					for (const [way, pieces] of waysOf(one))
						answers[`${one.name}, ${way}`] = await play(
							gateway,
							pieces,
							headers,
						);
				expect(answers).toEqual(answersTo(some));
			});
}

/** What the names of cases begin with is one test: each test asks whether nobody is left. */
function sectionsOf(
	cases: readonly ConformanceCase[],
): Map<string, ConformanceCase[]> {
	const sections = new Map<string, ConformanceCase[]>();
	for (const one of cases) {
		const section = one.name.split(" ", 1)[0] as string;
		sections.set(section, [...(sections.get(section) ?? []), one]);
	}
	return sections;
}

function answersTo(
	cases: readonly ConformanceCase[],
): Record<string, readonly string[]> {
	return Object.fromEntries(
		cases.flatMap((one) =>
			waysOf(one).map(([way]) => [`${one.name}, ${way}`, inOrder(one.answers)]),
		),
	);
}
