import { EventEmitter } from "node:events";
import { attach, createGateway } from "vite-plugin-matrix-gateway/server";
import { describe, expect, it } from "vitest";
import {
	base,
	host,
	hostPattern,
	origin,
	path,
} from "../../src/kinds/addresses.ts";
import type { Kind } from "../../src/kinds/kind.ts";
import {
	bytes,
	count,
	milliseconds,
	wholeNumber,
} from "../../src/kinds/numbers.ts";
import { oneOf, toggle, token, worldNames } from "../../src/kinds/words.ts";

describe("a whole number", () => {
	accepts(wholeNumber(1, 20), { "1": 1, "20": 20, "007": 7 });
	refuses(wholeNumber(1, 20), [
		"0",
		"21",
		"",
		" 1",
		"1.5",
		"1e1",
		"0x1",
		"+1",
		"-1",
		"NaN",
	]);
});

describe("milliseconds", () => {
	accepts(milliseconds, { "0": 0, "2147483647": 2_147_483_647 });
	refuses(milliseconds, ["2147483648", "99999999999999999999"]);
});

describe("bytes", () => {
	accepts(bytes, { "1": 1 });
	refuses(bytes, ["0", "2147483648"]);
});

describe("a count", () => {
	accepts(count, { "0": 0, "2147483647": 2_147_483_647 });
	refuses(count, ["-1", "2147483648"]);
});

describe("a switch", () => {
	accepts(toggle, { true: true, "1": true, false: false, "0": false });
	refuses(toggle, ["", "TRUE", "yes"]);
});

describe("names of worlds", () => {
	it("are a list of them, or all", () => {
		expect(worldNames.parse(" garden , 2.b_c-d ")).toEqual([
			"garden",
			"2.b_c-d",
		]);
		expect(worldNames.parse("*")).toBe("*");
	});
	refuses(worldNames, ["", ",", "a,", "*,a", "A", "a/b", ".", "-a", "a."]);
});

describe("one of several words", () => {
	accepts(oneOf(["json", "pretty"]), { json: "json" });
	refuses(oneOf(["json", "pretty"]), ["", "JSON", "xml"]);
});

describe("a host", () => {
	accepts(host, {
		localhost: "localhost",
		"0.0.0.0": "0.0.0.0",
		"::": "::",
		"[::1]": "::1",
		"gateway.local": "gateway.local",
	});
	refuses(host, ["", "http://a", "a:80", "a b", "-a"]);
});

describe("a host pattern", () => {
	accepts(hostPattern, {
		"A.Example": "a.example",
		".a.example": ".a.example",
		"::1": "[::1]",
	});
	refuses(hostPattern, ["", ".", "*", "*.a.example", "a.example:80"]);
});

describe("a base", () => {
	accepts(base, { "/": "/", "/matrix": "/matrix/", "/a/b/": "/a/b/" });
	refuses(base, ["", "matrix", "./", "https://a.example/", "/a?b", "/a b/"]);
});

describe("a path", () => {
	const right = ["/", "/ws/matrix", "/a%20b", "/~a,b;c=@$!'()*+:&"];
	const wrong = ["", "ws", "/a b", "/a?b", "/a#b", "/ä", "//a", "/a/../b"];
	accepts(path, Object.fromEntries(right.map((text) => [text, text])));
	refuses(path, wrong);

	it.each([...right, ...wrong])("%j is one where `attach` takes it", (text) => {
		const take = () =>
			attach(new EventEmitter(), createGateway(), { paths: [text] });
		if (right.includes(text)) take();
		else expect(take).toThrow(TypeError);
	});
});

describe("a token", () => {
	accepts(token, { "a+/=~": "a+/=~", "q+8/Zk+3xw==": "q+8/Zk+3xw==" });
	refuses(token, ["", " ", "a b", "a\n", "ä"]);
});

describe("an origin", () => {
	accepts(origin, {
		"*": "*",
		null: "null",
		"https://a.example": "https://a.example",
		"https://A.Example/": "https://a.example",
		"https://a.example:443": "https://a.example",
		"http://[::1]:8080": "http://[::1]:8080",
		"capacitor://localhost": "capacitor://localhost",
	});
	refuses(origin, [
		"",
		"a.example",
		"https://",
		"https://a.example/path",
		"https://a.example?b",
		"https://b@a.example",
		"https://*.example",
		"wss://a.example",
	]);
});

function accepts<Value>(kind: Kind<Value>, examples: Record<string, Value>) {
	it.each(Object.entries(examples))("may be %j", (text, value) => {
		expect(kind.parse(text)).toBe(value);
	});
}

function refuses(kind: Kind<unknown>, texts: string[]) {
	it.each(texts)("is not %j", (text) => {
		expect(kind.parse(text)).toBeUndefined();
	});
}
