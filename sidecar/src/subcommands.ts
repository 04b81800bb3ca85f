/** Every subcommand of the program, in the order of its help. */

import type { Subcommands } from "./subcommand.ts";
import { createData } from "./subcommands/data.ts";
import { createHashToken } from "./subcommands/hash-token.ts";
import { createHealth } from "./subcommands/health.ts";
import { createMcp } from "./subcommands/mcp.ts";
import { createNewToken } from "./subcommands/new-token.ts";
import { createPlay } from "./subcommands/play.ts";
import { createRecord } from "./subcommands/record.ts";
import { createServe } from "./subcommands/serve.ts";

/** One more is a file in `subcommands` and its line here. */
export function createSubcommands(): Subcommands {
	return [
		createServe(),
		createMcp(),
		createNewToken(),
		createHashToken(),
		createHealth(),
		createData(),
		createRecord(),
		createPlay(),
	];
}
