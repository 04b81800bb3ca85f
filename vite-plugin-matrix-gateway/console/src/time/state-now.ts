import type { RetainRule } from "../../../src/core/protocol/retain-table.ts";
import type { AgentThen, KeptThen } from "./moment.ts";

/** What `state` answers. */
export interface StateNow {
	readonly agents: readonly AgentThen[];
	readonly retained: readonly KeptThen[];
	readonly retainTable: readonly (readonly [string, RetainRule])[];
}
