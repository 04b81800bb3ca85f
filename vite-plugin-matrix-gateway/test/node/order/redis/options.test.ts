/** The options of a gateway on Redis: what is refused, and that no message shows a password. */
import { expect, test } from "vitest";
import { createGateway } from "../../../../src/node/create-gateway.ts";

test.each([
	["http://redis.example", /a URL such as redis:/],
	["redis.example:6379", /a URL such as redis:/],
	["", /a URL such as redis:/],
	["redis://:s3cret@", /a URL/],
	["redis://:s3cret@host/db", /nothing after the host but the number/],
	["redis://:s3cret@host?tls=1", /without a query/],
])("it refuses the URL %s", (redis, message) => {
	const make = () => createGateway({ redis });
	expect(make).toThrow(TypeError);
	expect(make).toThrow(message);
	expect(make).not.toThrow(/s3cret/);
});

test.each(["", "a b", "{a}", "a".repeat(65)])(
	"it refuses the prefix %j",
	(redisPrefix) => {
		expect(() =>
			createGateway({ redis: "redis://localhost", redisPrefix }),
		).toThrow(/redisPrefix has to be/);
	},
);

test("it refuses a folder besides", () => {
	expect(() =>
		createGateway({ redis: "redis://localhost", data: "/nowhere" }),
	).toThrow("data and redis exclude each other");
});
