import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { variableOf } from "../../src/setting.ts";
import { SETTINGS, type Settings } from "../../src/settings.ts";
import {
	type Environment,
	printedBy,
	problemOf,
	readServe,
} from "../support/command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "matrix-gateway-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A right text for each setting with its value, and a wrong one. */
const EXAMPLES: {
	readonly [Name in keyof Settings]-?: {
		readonly text: string;
		readonly value: Settings[Name];
		readonly wrong: string;
	};
} = {
	port: { text: "0", value: 0, wrong: "65536" },
	host: { text: "::1", value: "::1", wrong: "a host" },
	path: { text: "/hub", value: "/hub", wrong: "hub" },
	base: { text: "/matrix", value: "/matrix/", wrong: "./" },
	token: { text: "s3cret", value: "s3cret", wrong: "two words" },
	tokens: {
		text: join(folder, "tokens.json"),
		value: join(folder, "tokens.json"),
		wrong: folder,
	},
	jwtJwks: {
		text: "https://id.example/keys",
		value: "https://id.example/keys",
		wrong: "ftp://id.example",
	},
	jwtSecret: { text: "s3cret", value: "s3cret", wrong: "" },
	jwtIssuer: {
		text: "https://id.example",
		value: ["https://id.example"],
		wrong: "two words",
	},
	jwtAudience: { text: "matrix", value: ["matrix"], wrong: "two words" },
	jwtClockSkew: { text: "0", value: 0, wrong: "5s" },
	tlsCert: {
		text: import.meta.filename,
		value: import.meta.filename,
		wrong: folder,
	},
	tlsKey: {
		text: import.meta.filename,
		value: import.meta.filename,
		wrong: join(folder, "none"),
	},
	allowedOrigins: {
		text: "https://a.example",
		value: ["https://a.example"],
		wrong: "a.example",
	},
	allowedHosts: {
		text: ".a.example",
		value: [".a.example"],
		wrong: "https://a.example",
	},
	trustProxy: { text: "true", value: true, wrong: "maybe" },
	static: { text: folder, value: folder, wrong: join(folder, "none") },
	agents: { text: folder, value: folder, wrong: join(folder, "none") },
	heartbeatInterval: { text: "1000", value: 1000, wrong: "1s" },
	registerTimeout: { text: "500", value: 500, wrong: "-1" },
	requireRegistration: { text: "1", value: true, wrong: "yes!" },
	viewers: {
		text: "bark,visitor_*",
		value: ["bark", "visitor_*"],
		wrong: "bark,,wave",
	},
	speakAs: { text: "registered", value: "registered", wrong: "all" },
	echo: { text: "true", value: true, wrong: "2" },
	mirrorVisual: { text: "true", value: true, wrong: "on" },
	data: {
		text: join(folder, "world"),
		value: join(folder, "world"),
		wrong: import.meta.filename,
	},
	fsync: { text: "always", value: "always", wrong: "often" },
	worlds: { text: "garden,plaza", value: ["garden", "plaza"], wrong: "A b" },
	maxWorlds: { text: "7", value: 7, wrong: "few" },
	worldIdle: { text: "60000", value: 60_000, wrong: "1h" },
	mcp: { text: "true", value: true, wrong: "on" },
	mcpIdle: { text: "60000", value: 60_000, wrong: "1h" },
	maxMcpAgents: { text: "7", value: 7, wrong: "few" },
	mcpMaxCharacters: { text: "5000", value: 5_000, wrong: "10" },
	redis: {
		text: "rediss://matrix:secret@redis.example:6380/1",
		value: "rediss://matrix:secret@redis.example:6380/1",
		wrong: "http://redis.example",
	},
	redisPrefix: { text: "matrix.test", value: "matrix.test", wrong: "{a}" },
	resumeWindow: { text: "5000", value: 5000, wrong: "1m" },
	maxDetachedSessions: { text: "0", value: 0, wrong: "many" },
	maxSessionBytes: { text: "1048576", value: 1_048_576, wrong: "0" },
	retain: { text: "matrix", value: "matrix", wrong: "all" },
	maxRetainedMessages: { text: "100", value: 100, wrong: "-1" },
	maxRetainedBytes: { text: "65536", value: 65_536, wrong: "64k" },
	maxConnections: { text: "1", value: 1, wrong: "0" },
	maxConnectionsPerIp: { text: "10", value: 10, wrong: "0" },
	maxConnectionsPerToken: { text: "10", value: 10, wrong: "0" },
	upgradeTimeout: { text: "0", value: 0, wrong: "15s" },
	maxPayload: { text: "1024", value: 1024, wrong: "0" },
	maxMessagesPerSecond: { text: "0", value: 0, wrong: "-1" },
	messageBurst: { text: "100", value: 100, wrong: "0" },
	maxBytesPerSecond: { text: "0", value: 0, wrong: "1MB" },
	byteBurst: { text: "4096", value: 4096, wrong: "0" },
	maxAgentsPerConnection: { text: "1", value: 1, wrong: "0" },
	maxBufferedBytes: { text: "4096", value: 4096, wrong: "1e3" },
	maxSnapshotBytes: { text: "8192", value: 8192, wrong: "-1" },
	maxUnfinishedBytes: { text: "8192", value: 8192, wrong: "1.5" },
	maxLogBytes: { text: "1048576", value: 1_048_576, wrong: "0" },
	flushWindow: { text: "0", value: 0, wrong: "5ms" },
	compression: { text: "true", value: true, wrong: "fast" },
	compressionThreshold: { text: "512", value: 512, wrong: "0" },
	nativeIo: { text: "off", value: "off", wrong: "on" },
	metricsPort: { text: "9090", value: 9090, wrong: "-1" },
	metricsHost: { text: "::", value: "::", wrong: "a host" },
	reconnectAfter: { text: "0", value: 0, wrong: "2147483648" },
	logLevel: { text: "warn", value: "warn", wrong: "loud" },
	logFormat: { text: "pretty", value: "pretty", wrong: "xml" },
	console: { text: "true", value: true, wrong: "on" },
};

it.each<[readonly string[], Settings["trustProxy"]]>([
	[["--trust-proxy"], true],
	[["--trust-proxy", "--echo"], true],
	[["--no-trust-proxy"], false],
	[
		["--trust-proxy", "10.0.0.1, fd00::/8"],
		["10.0.0.1", "fd00::/8"],
	],
	[["--trust-proxy=127.0.0.1"], ["127.0.0.1"]],
])("%j trusts %j", async (args, trustProxy) => {
	expect(await settingsOf([...args])).toMatchObject({ trustProxy });
});

const CASES = Object.entries(EXAMPLES).map(([name, example]) => {
	const setting = SETTINGS[name as keyof Settings];
	return {
		name: name as keyof Settings,
		flag: `--${setting.flag}`,
		variable: variableOf(setting),
		...example,
	};
});

describe("without anything", () => {
	it("takes the defaults, and leaves out what has none", async () => {
		expect(await settingsOf([])).toEqual({
			port: 8765,
			metricsHost: "127.0.0.1",
			compression: false,
			compressionThreshold: 256,
			path: "/ws/matrix",
			trustProxy: false,
			jwtClockSkew: 5_000,
			heartbeatInterval: 30_000,
			requireRegistration: false,
			echo: false,
			fsync: "second",
			redisPrefix: "matrix",
			mirrorVisual: false,
			maxWorlds: 100,
			worldIdle: 600_000,
			mcp: false,
			mcpIdle: 600_000,
			maxMcpAgents: 100,
			mcpMaxCharacters: 12_000,
			console: false,
			resumeWindow: 60_000,
			maxDetachedSessions: 10_000,
			maxSessionBytes: 67_108_864,
			maxRetainedMessages: 10_000,
			maxRetainedBytes: 16_777_216,
			maxConnections: 50_000,
			maxConnectionsPerIp: 20_000,
			maxConnectionsPerToken: 50_000,
			upgradeTimeout: 15_000,
			maxPayload: 262_144,
			maxMessagesPerSecond: 250_000,
			messageBurst: 500_000,
			maxBytesPerSecond: 134_217_728,
			byteBurst: 268_435_456,
			maxAgentsPerConnection: 64,
			maxBufferedBytes: 1_048_576,
			maxSnapshotBytes: 268_435_456,
			maxUnfinishedBytes: 134_217_728,
			maxLogBytes: 16_777_216,
			flushWindow: 20,
			nativeIo: "auto",
			reconnectAfter: 1_000,
			logLevel: "info",
		});
	});
});

describe.each(CASES)(
	"$flag",
	({ name, flag, variable, text, value, wrong }) => {
		it("is read from the command line", async () => {
			expect((await settingsOf([`${flag}=${text}`]))[name]).toEqual(value);
		});

		it("is read from the environment", async () => {
			expect((await settingsOf([], { [variable]: text }))[name]).toEqual(value);
		});

		it("is named when its value is wrong", async () => {
			expect(await problemOf([`${flag}=${wrong}`])).toMatch(`${flag}: `);
		});

		it("has its variable named when that is wrong", async () => {
			expect(await problemOf([], { [variable]: wrong })).toMatch(
				`${variable}: `,
			);
		});

		it("wins over its variable, even over a wrong one", async () => {
			expect(
				(await settingsOf([`${flag}=${text}`], { [variable]: wrong }))[name],
			).toEqual(value);
		});
	},
);

describe("flags", () => {
	it("take their value from the next argument too", async () => {
		expect(await settingsOf(["--port", "1234", "--token", "t"])).toMatchObject({
			port: 1234,
			token: "t",
		});
	});

	it("may have a token in base64, as one argument or two", async () => {
		const token = "q+8/Zk+3xw==";
		const MATRIX_GATEWAY_TOKEN = token;
		expect((await settingsOf([`--token=${token}`])).token).toBe(token);
		expect((await settingsOf(["--token", token])).token).toBe(token);
		expect((await settingsOf([], { MATRIX_GATEWAY_TOKEN })).token).toBe(token);
	});

	it("that are switches need no value, and have a way to be off", async () => {
		expect((await settingsOf(["--echo"])).echo).toBe(true);
		expect(
			(await settingsOf(["--no-echo"], { MATRIX_GATEWAY_ECHO: "true" })).echo,
		).toBe(false);
	});

	it("that may be repeated add up; of the others the last one counts", async () => {
		const args = ["--allowed-origin=https://a.example"];
		args.push("--allowed-origin=http://b.example:81", "--port=1", "--port=2");
		expect(await settingsOf(args)).toMatchObject({
			allowedOrigins: ["https://a.example", "http://b.example:81"],
			port: 2,
		});
	});

	it.each([
		["--prot=1", 'unknown flag "--prot"'],
		["--no-port", 'unknown flag "--no-port"'],
		["-p", 'unknown flag "-p"'],
		["--port", "--port needs a value"],
		["--__proto__=1", 'unknown flag "--__proto__"'],
		["--new\nline", 'unknown flag "--new\\nline"'],
		["stray", "argument 1 is not a flag"],
	])("%j is a mistake", async (arg, problem) => {
		expect(await problemOf([arg])).toMatch(problem);
	});

	it("do not swallow the next flag", async () => {
		expect(await problemOf(["--token", "--port=1"])).toMatch(
			"--token needs a value",
		);
	});

	it("that ask for help or the version win", async () => {
		expect(await printedBy(["--port=x", "--help"])).toMatch(/^Usage: /);
		expect(await printedBy(["--help=true"])).toMatch(/^Usage: /);
		expect(await printedBy(["--token", "--help"])).toMatch(/^Usage: /);
		expect(await printedBy(["--version"], { MATRIX_GATEWAY_PORT: "x" })).toBe(
			`${packageJson.version}\n`,
		);
		expect(await printedBy(["--prot", "--version"])).toMatch(/^\d/);
	});

	it.each([
		["--port", "-1", "--port needs a value"],
		["--token", "-1", "--token needs a value"],
		["--token", "-", "--token needs a value"],
		["--port", " 1", '--port: " 1" is not'],
		["--port", "1e3", '--port: "1e3" is not'],
		["--port", "0x10", '--port: "0x10" is not'],
		["--port", "NaN", '--port: "NaN" is not'],
		["--port", "", '--port: "" is not'],
		["--port=", "", '--port: "" is not'],
		["--port", "-x", "--port needs a value"],
		["--port", "--", "--port needs a value"],
		["--static", "--static=/", "--static needs a value"],
		["--echo=", "", '--echo: "" is not true or false'],
		["--echo=yes", "", '--echo: "yes" is not true or false'],
		["--echo", "false", "argument 2 is not a flag"],
		["--no-echo=true", "", 'unknown flag "--no-echo"'],
		["--no-", "", 'unknown flag "--no-"'],
		["--no-no-echo", "", 'unknown flag "--no-no-echo"'],
		["--port 1", "", 'unknown flag "--port …"'],
		["--=x", "", 'unknown flag "--"'],
		["--port=1", "-1", "argument 2 is not a flag"],
		["--", "--echo", "argument 2 is not a flag"],
		["--port", "stray", '--port: "stray" is not'],
		["--constructor", "", 'unknown flag "--constructor"'],
		["--hasOwnProperty=1", "", 'unknown flag "--hasOwnProperty"'],
		["--Port=1", "", 'unknown flag "--Port"; did you mean --port?'],
		["--alowed-origin=https://a.example", "", "did you mean --allowed-origin?"],
	])("%j %j is a mistake", async (first, second, problem) => {
		const args =
			second === "" && first !== "--port" ? [first] : [first, second];
		expect(await problemOf(args)).toMatch(problem);
	});

	it.each([
		[["--echo=true"], true],
		[["--echo=0"], false],
		[["--echo", "--no-echo"], false],
		[["--no-echo", "--echo"], true],
		[["--echo=false", "--echo=1", "--"], true],
	])("%j is a switch's position", async (args, echo) => {
		expect((await settingsOf(args)).echo).toBe(echo);
	});

	it("may have a value that begins with a dash, or has a =, where it follows a =", async () => {
		expect((await settingsOf(["--token=--port=1"])).token).toBe("--port=1");
		expect((await settingsOf(["--token=-t"])).token).toBe("-t");
	});

	it("name the argument that is too many, not one like it", async () => {
		const args = ["--token", "twice", "twice"];
		expect(await problemOf(args)).toMatch("argument 3 is not a flag");
	});
});

describe("the environment", () => {
	it("separates what may be repeated by commas", async () => {
		const MATRIX_GATEWAY_ALLOWED_ORIGIN =
			"https://a.example, https://b.example,";
		expect(
			(await settingsOf([], { MATRIX_GATEWAY_ALLOWED_ORIGIN })).allowedOrigins,
		).toEqual(["https://a.example", "https://b.example"]);
	});

	it("may hold empty variables", async () => {
		expect((await settingsOf([], { MATRIX_GATEWAY_PORT: "" })).port).toBe(8765);
	});

	it("may not hold an empty token: it would let everyone in", async () => {
		expect(await problemOf([], { MATRIX_GATEWAY_TOKEN: "" })).toMatch(
			"MATRIX_GATEWAY_TOKEN: ",
		);
	});

	it("tells of variables that are none of ours, by their names", async () => {
		const environment = {
			MATRIX_GATEWAY_TOKN: "s3cret",
			MATRIX_GATEWAY_ECHO: "1",
			MATRIX: "",
		};
		expect(await readServe([], environment)).toMatchObject({
			unknownVariables: ["MATRIX_GATEWAY_TOKN"],
		});
	});
});

describe("a problem", () => {
	it.each([
		["--token=s3cret token"],
		["--token", "--s3cret"],
		["--echo", "s3cret"],
		["--tokn=s3cret"],
		["--tokn", "s3cret"],
		["--token=a", "s3cret"],
		["s3cret"],
		["serve", "s3cret"],
		["help", "s3cret"],
		["--", "--s3cret"],
		["-ts3cret"],
		["--tokens3cret"],
		["--token:s3cret"],
		["--token", "s3cret token"],
		["--token=a", "--token=s3cret token"],
		["--token", "-s3cret"],
		["--=s3cret"],
		["--no-token=s3cret"],
		["--echo=true", "-- s3cret"],
		["--__proto__=s3cret"],
		["--tokn s3cret"],
	])("shows no token: %j %j", async (...args) => {
		const problem = await problemOf(args.filter((arg) => arg !== undefined));
		expect(problem).not.toMatch("s3cret");
		expect(problem).not.toMatch("\n");
	});

	it("shows no token of the environment", async () => {
		const problem = await problemOf([], { MATRIX_GATEWAY_TOKEN: "s3cret\r" });
		expect(problem).toMatch("MATRIX_GATEWAY_TOKEN");
		expect(problem).not.toMatch("s3cret");
	});

	it("is one line, and not for ever", async () => {
		const problem = await problemOf([`--host=a\nb${"c".repeat(1000)}`]);
		expect(problem).not.toMatch("\n");
		expect(problem.length).toBeLessThan(200);
	});
});

async function settingsOf(
	args: string[],
	environment?: Environment,
): Promise<Settings> {
	return (await readServe(args, environment)).settings;
}
