/** What the thread of an agent that was built runs. */
import { runAgentThread } from "./built-thread.ts";

runAgentThread();
