import {
	FROM_GATEWAY,
	TO_GATEWAY,
	WORLD,
} from "../../vite-plugin-matrix-gateway/src/messages/catalogue.ts";
import {
	toCatalogueSchema,
	toDefinitions,
	toMessageSchemas,
} from "../../vite-plugin-matrix-gateway/src/messages/json-schema.ts";
import { toPython } from "./python.ts";
import type { Definitions } from "./shape.ts";
import { toTypeScript } from "./typescript.ts";

/** Every file that is made of the messages, by its path in the package, with its text. */
export function generated(): ReadonlyMap<string, string> {
	const all = { ...WORLD, ...TO_GATEWAY, ...FROM_GATEWAY };
	const schemas = {
		...toMessageSchemas(all),
		"matrix-message": toCatalogueSchema(all),
	};
	return new Map([
		["src/messages/types.ts", toTypeScript(definitionsOf(WORLD))],
		[
			"python/src/matrix_gateway_client/messages.py",
			toPython(definitionsOf(all), Object.keys(WORLD)),
		],
		...Object.entries(schemas).map(
			([name, schema]) =>
				[
					`schemas/${name}.json`,
					`${JSON.stringify(schema, null, 2)}\n`,
				] as const,
		),
	]);
}

/** The messages, and of what several may hold that which they do. */
function definitionsOf(
	messages: Parameters<typeof toDefinitions>[0],
): Definitions {
	const all = toDefinitions(messages) as Definitions;
	const text = JSON.stringify(all);
	return Object.fromEntries(
		Object.entries(all).filter(
			([name]) => name in messages || text.includes(`/${name}"`),
		),
	);
}
