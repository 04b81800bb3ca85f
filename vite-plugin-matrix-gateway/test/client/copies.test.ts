/** An agent that Vite runs, or that is one file, has a copy of the client of its own. */
import { expect, test, vi } from "vitest";
import * as client from "../../src/client/index.ts";

test("what a client throws is known by the classes of every copy", async () => {
	vi.resetModules();
	const copy = await import("../../src/client/index.ts");
	const timeout = new client.RequestError("timeout", "no answer");
	const invalid = new client.InvalidMessageError("bark", []);
	expect(copy.RequestError).not.toBe(client.RequestError);
	expect(timeout).toBeInstanceOf(copy.RequestError);
	expect(invalid).toBeInstanceOf(copy.InvalidMessageError);
	expect(timeout).not.toBeInstanceOf(copy.InvalidMessageError);
	expect(new Error("no answer")).not.toBeInstanceOf(copy.RequestError);
	expect({ name: "RequestError" }).not.toBeInstanceOf(copy.RequestError);
});
