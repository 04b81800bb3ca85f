/** Circles among files: a way along imports, of types too, that leads back to its start. */
import { importsOf, targetOf } from "./imports.ts";

/** For each file those that it imports. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/** Who imports whom among some files. */
export function graphOf(files: readonly string[]): Graph {
	return new Map(files.map((file) => [file, targetsOf(file)]));
}

/** The same with other texts in files, or with files that are not there. */
export function plantedIn(
	graph: Graph,
	texts: Readonly<Record<string, string>>,
): Graph {
	const planted = Object.entries(texts);
	return new Map([
		...graph,
		...planted.map(([file, text]) => [file, targetsOf(file, text)] as const),
	]);
}

function targetsOf(file: string, text?: string): string[] {
	return importsOf(file, text)
		.map((found) => targetOf(file, found))
		.filter((target) => target !== undefined);
}

/** A shortest circle for each file that is in one, written as a way: `a → b → a`. */
export function circlesIn(graph: Graph): string[] {
	const circles = [...graph.keys()]
		.map((file) => shortestCircle(graph, file))
		.filter((circle) => circle !== undefined)
		.map((circle) => startAtFirst(circle))
		.map((circle) => [...circle, circle[0]].join(" → "));
	return [...new Set(circles)].sort();
}

/** Looks from file to file, the nearest first. */
function shortestCircle(graph: Graph, start: string): string[] | undefined {
	const cameFrom = new Map<string, string>();
	const queue = [start];
	for (const file of queue)
		for (const target of graph.get(file) ?? []) {
			if (target === start) return wayTo(file, cameFrom);
			if (cameFrom.has(target)) continue;
			cameFrom.set(target, file);
			queue.push(target);
		}
	return undefined;
}

function wayTo(end: string, cameFrom: ReadonlyMap<string, string>): string[] {
	const before = cameFrom.get(end);
	return before === undefined ? [end] : [...wayTo(before, cameFrom), end];
}

/** One circle has one form, wherever it was entered. */
function startAtFirst(circle: readonly string[]): string[] {
	const [first] = [...circle].sort();
	const index = circle.indexOf(first ?? "");
	return [...circle.slice(index), ...circle.slice(0, index)];
}
