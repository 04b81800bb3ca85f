import { expect, test } from "vitest";
import { createGateway } from "../../../src/node/create-gateway.ts";

test("a folder without a name is none, nor a mode that is none of three", () => {
	expect(() => createGateway({ data: "" })).toThrow(RangeError);
	const fsync = JSON.parse('"often"') as "always";
	expect(() => createGateway({ fsync })).toThrow(/fsync is one of/);
});
