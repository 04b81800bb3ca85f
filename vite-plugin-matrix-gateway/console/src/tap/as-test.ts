/** A message as a test of what lives in the world, by `vite-plugin-matrix-gateway/testing`. */
import { type Heard, textOf } from "./batch.ts";

export function canBeTest({ kind }: Heard): boolean {
	return kind === "broadcast" || kind === "directed";
}

/** The text of a test that says it again and expects it where it was heard. */
export function toTest(heard: Heard): string {
	const { at, type, from, to, kind } = heard;
	const [speaker] = from;
	const [target] = kind === "directed" ? to : [];
	const when = JSON.stringify(new Date(at).toISOString());
	const agents = speaker
		? `[{ agentId: ${JSON.stringify(speaker)}, role: "agent" }]`
		: "[]";
	const line = [
		`at: ${when}, what: "message"`,
		...(speaker ? [`from: ${JSON.stringify(speaker)}`] : []),
		...(target ? [`to: ${JSON.stringify(target)}`] : []),
		"text: JSON.stringify(said)",
	].join(", ");
	const listener = target ? `, agentId: ${JSON.stringify(target)}` : "";
	const title = `${target ?? "everybody"} hears ${type}${speaker ? ` of ${speaker}` : ""}`;
	return `import { expect, test } from "vitest";
import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
import { createMatrix, replay } from "vite-plugin-matrix-gateway/testing";

test(${JSON.stringify(title)}, async () => {
	const said = ${indent(JSON.stringify(JSON.parse(textOf(heard)), null, "\t"))};
	const matrix = createMatrix({ gateway: { retain: "matrix" } });
	const listener = createMatrixClient({ ...matrix.client${listener} });
	const heard: object[] = [];
	listener.on(${JSON.stringify(type)}, (message) => heard.push(message));
	await matrix.settled();
	const lines = [
		{ at: ${when}, what: "here", agents: ${agents} },
		{ ${line} },
	];
	await replay(lines.map((line) => JSON.stringify(line)), { matrix });
	expect(heard).toEqual([said]);
	await matrix.close();
});
`;
}

function indent(text: string): string {
	return text.replaceAll("\n", "\n\t");
}
