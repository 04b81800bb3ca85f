import type { DescribedError } from "./described-error.ts";

/** What becomes of an agent, for its author. */
export type AgentEvent = {
	/** What its file is called. */
	readonly name: string;
	/** What was loaded: a path. */
	readonly file: string;
} & (
	| { readonly event: "began"; readonly agentId: string }
	/** It could not be loaded, or is none; `goesOn`: what ran before goes on. */
	| {
			readonly event: "unloadable";
			readonly error: DescribedError;
			readonly goesOn: boolean;
			/** Milliseconds until the next try. Without it, it waits for an edit. */
			readonly retryIn?: number;
	  }
	/** Its run has ended by an error. */
	| {
			readonly event: "failed";
			readonly error: DescribedError;
			/** Milliseconds. */
			readonly retryIn: number;
	  }
	/** An error that nobody caught; it goes on. */
	| { readonly event: "uncaught"; readonly error: DescribedError }
	/** Its thread has ended, or was ended since it did not answer. */
	| {
			readonly event: "ended";
			readonly reason: string;
			/** Milliseconds. */
			readonly retryIn: number;
	  }
	| { readonly event: "warned"; readonly text: string }
	| {
			readonly event: "printed";
			readonly line: string;
			readonly isError: boolean;
	  }
);

/** One of these without who it is about. */
export type AgentNews = AgentEvent extends infer Event
	? Event extends AgentEvent
		? Omit<Event, "name" | "file">
		: never
	: never;
