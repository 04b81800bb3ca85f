import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
	type Environment,
	readCommand,
	UsageError,
} from "../../src/command-line.ts";
import { SETTINGS, type Settings, variableOf } from "../../src/settings.ts";

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
	heartbeatInterval: { text: "1000", value: 1000, wrong: "1s" },
	registerTimeout: { text: "500", value: 500, wrong: "-1" },
	requireRegistration: { text: "1", value: true, wrong: "yes!" },
	echo: { text: "true", value: true, wrong: "2" },
	mirrorVisual: { text: "true", value: true, wrong: "on" },
	resumeWindow: { text: "5000", value: 5000, wrong: "1m" },
	maxDetachedSessions: { text: "0", value: 0, wrong: "many" },
	maxSessionBytes: { text: "1048576", value: 1_048_576, wrong: "0" },
	retain: { text: "matrix", value: "matrix", wrong: "all" },
	maxRetainedMessages: { text: "100", value: 100, wrong: "-1" },
	maxRetainedBytes: { text: "65536", value: 65_536, wrong: "64k" },
	maxPayload: { text: "1024", value: 1024, wrong: "0" },
	maxBufferedBytes: { text: "4096", value: 4096, wrong: "1e3" },
	maxSnapshotBytes: { text: "8192", value: 8192, wrong: "-1" },
	maxUnfinishedBytes: { text: "8192", value: 8192, wrong: "1.5" },
	maxLogBytes: { text: "1048576", value: 1_048_576, wrong: "0" },
	flushWindow: { text: "0", value: 0, wrong: "5ms" },
	compression: { text: "true", value: true, wrong: "fast" },
	compressionThreshold: { text: "512", value: 512, wrong: "0" },
	nativeIo: { text: "off", value: "off", wrong: "on" },
	reconnectAfter: { text: "0", value: 0, wrong: "2147483648" },
	logLevel: { text: "warn", value: "warn", wrong: "loud" },
	logFormat: { text: "pretty", value: "pretty", wrong: "xml" },
};

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
	it("takes the defaults, and leaves out what has none", () => {
		expect(settingsOf([])).toEqual({
			port: 8765,
			compression: false,
			compressionThreshold: 256,
			host: "0.0.0.0",
			path: "/ws/matrix",
			trustProxy: false,
			heartbeatInterval: 30_000,
			requireRegistration: false,
			echo: false,
			mirrorVisual: false,
			resumeWindow: 60_000,
			maxDetachedSessions: 10_000,
			maxSessionBytes: 67_108_864,
			maxRetainedMessages: 10_000,
			maxRetainedBytes: 16_777_216,
			maxPayload: 262_144,
			maxBufferedBytes: 1_048_576,
			maxSnapshotBytes: 268_435_456,
			maxUnfinishedBytes: 134_217_728,
			maxLogBytes: 16_777_216,
			flushWindow: 5,
			nativeIo: "auto",
			reconnectAfter: 1_000,
			logLevel: "info",
		});
	});
});

describe.each(CASES)(
	"$flag",
	({ name, flag, variable, text, value, wrong }) => {
		it("is read from the command line", () => {
			expect(settingsOf([`${flag}=${text}`])[name]).toEqual(value);
		});

		it("is read from the environment", () => {
			expect(settingsOf([], { [variable]: text })[name]).toEqual(value);
		});

		it("is named when its value is wrong", () => {
			expect(problemOf([`${flag}=${wrong}`])).toMatch(`${flag}: `);
		});

		it("has its variable named when that is wrong", () => {
			expect(problemOf([], { [variable]: wrong })).toMatch(`${variable}: `);
		});

		it("wins over its variable, even over a wrong one", () => {
			expect(
				settingsOf([`${flag}=${text}`], { [variable]: wrong })[name],
			).toEqual(value);
		});
	},
);

describe("flags", () => {
	it("take their value from the next argument too", () => {
		expect(settingsOf(["--port", "1234", "--token", "t"])).toMatchObject({
			port: 1234,
			token: "t",
		});
	});

	it("may have a token in base64, as one argument or two", () => {
		const token = "q+8/Zk+3xw==";
		const MATRIX_GATEWAY_TOKEN = token;
		expect(settingsOf([`--token=${token}`]).token).toBe(token);
		expect(settingsOf(["--token", token]).token).toBe(token);
		expect(settingsOf([], { MATRIX_GATEWAY_TOKEN }).token).toBe(token);
	});

	it("that are switches need no value, and have a way to be off", () => {
		expect(settingsOf(["--echo"]).echo).toBe(true);
		expect(
			settingsOf(["--no-echo"], { MATRIX_GATEWAY_ECHO: "true" }).echo,
		).toBe(false);
	});

	it("that may be repeated add up; of the others the last one counts", () => {
		const args = ["--allowed-origin=https://a.example"];
		args.push("--allowed-origin=http://b.example:81", "--port=1", "--port=2");
		expect(settingsOf(args)).toMatchObject({
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
	])("%j is a mistake", (arg, problem) => {
		expect(problemOf([arg])).toMatch(problem);
	});

	it("do not swallow the next flag", () => {
		expect(problemOf(["--token", "--port=1"])).toMatch("--token needs a value");
	});

	it("that ask for help or the version win", () => {
		expect(readCommand(["--port=x", "--help"], {})).toEqual({ action: "help" });
		expect(readCommand(["--version"], { MATRIX_GATEWAY_PORT: "x" })).toEqual({
			action: "version",
		});
	});
});

describe("the environment", () => {
	it("separates what may be repeated by commas", () => {
		const MATRIX_GATEWAY_ALLOWED_ORIGIN =
			"https://a.example, https://b.example,";
		expect(
			settingsOf([], { MATRIX_GATEWAY_ALLOWED_ORIGIN }).allowedOrigins,
		).toEqual(["https://a.example", "https://b.example"]);
	});

	it("may hold empty variables", () => {
		expect(settingsOf([], { MATRIX_GATEWAY_PORT: "" }).port).toBe(8765);
	});

	it("may not hold an empty token: it would let everyone in", () => {
		expect(problemOf([], { MATRIX_GATEWAY_TOKEN: "" })).toMatch(
			"MATRIX_GATEWAY_TOKEN: ",
		);
	});

	it("tells of variables that are none of ours, by their names", () => {
		const environment = {
			MATRIX_GATEWAY_TOKN: "s3cret",
			MATRIX_GATEWAY_ECHO: "1",
			MATRIX: "",
		};
		expect(readCommand([], environment)).toMatchObject({
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
	])("shows no token: %j %j", (...args) => {
		const problem = problemOf(args.filter((arg) => arg !== undefined));
		expect(problem).not.toMatch("s3cret");
		expect(problem).not.toMatch("\n");
	});

	it("shows no token of the environment", () => {
		const problem = problemOf([], { MATRIX_GATEWAY_TOKEN: "s3cret\r" });
		expect(problem).toMatch("MATRIX_GATEWAY_TOKEN");
		expect(problem).not.toMatch("s3cret");
	});

	it("is one line, and not for ever", () => {
		const problem = problemOf([`--host=a\nb${"c".repeat(1000)}`]);
		expect(problem).not.toMatch("\n");
		expect(problem.length).toBeLessThan(200);
	});
});

function settingsOf(args: string[], environment: Environment = {}): Settings {
	const command = readCommand(args, environment);
	if (command.action !== "serve") throw new Error(`it is ${command.action}`);
	return command.settings;
}

function problemOf(args: string[], environment: Environment = {}): string {
	try {
		readCommand(args, environment);
	} catch (error) {
		if (error instanceof UsageError) return error.message;
		throw error;
	}
	throw new Error("it was taken");
}
