import { expect, it } from "vitest";
import { authoritiesOf, isLoopback } from "../../src/addresses.ts";

it.each(["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"])(
	"only this machine reaches %s",
	(address) => expect(isLoopback(address)).toBe(true),
);

it.each(["0.0.0.0", "::", "192.0.2.1", "2001:db8::127.0.0.1"])(
	"others reach %s",
	(address) => expect(isLoopback(address)).toBe(false),
);

it("brackets an IPv6 address", () => {
	expect(authoritiesOf([{ address: "::1", family: "IPv6", port: 80 }])).toEqual(
		["[::1]:80"],
	);
});

it.each(["0.0.0.0", "::"])("%s is localhost, and more", (address) => {
	const [first, ...others] = authoritiesOf([{ address, family: "", port: 80 }]);
	expect(first).toBe("localhost:80");
	expect(others.join()).not.toMatch(/127\.0\.0\.1|\[::1\]/);
});

it("names both of this machine's own addresses in one word", () => {
	const both = ["127.0.0.1", "::1"] as const;
	const [one, other] = both.map((address) => ({
		...{ address, family: "", port: 80 },
	}));
	if (one && other)
		expect(authoritiesOf([one, other])).toEqual(["localhost:80"]);
});
