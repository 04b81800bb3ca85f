import { expect, test } from "vitest";
import { tokenInFragment } from "../src/token.ts";

test.each([
	["#token=q+8/Zk+3xw==", "q+8/Zk+3xw=="],
	["#token=q%2B8%2FZk%2B3xw%3D%3D", "q+8/Zk+3xw=="],
	["#a=1&token=two%20words", "two words"],
	["#token=100%", "100%"],
	["#token=m%C3%BCnze", "münze"],
	["#token=", ""],
	["#other", undefined],
	["", undefined],
])("CON6 the token of %j is %j", (hash, token) => {
	expect(tokenInFragment(hash)).toBe(token);
});
