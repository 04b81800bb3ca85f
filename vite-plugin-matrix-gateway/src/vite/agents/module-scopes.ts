/** What modules set up when they are evaluated ends when they are evaluated anew, and that is in use. */
import {
	ESModulesEvaluator,
	type EvaluatedModuleNode,
	type ModuleRunnerContext,
} from "vite/module-runner";
import { createScope, type Scope } from "../../agents/scope.ts";

export class ScopedEvaluator extends ESModulesEvaluator {
	/** By their ids: of what is in use, and of what may come to be. */
	readonly #current = new Map<string, Scope>();
	readonly #next = new Map<string, Scope>();

	override async runInlinedModule(
		context: ModuleRunnerContext,
		code: string,
		module?: Readonly<EvaluatedModuleNode>,
	): Promise<void> {
		const id = module?.id ?? "";
		const scope = createScope();
		this.#next.get(id)?.end();
		this.#next.set(id, scope);
		try {
			await scope.run(() => super.runInlinedModule(context, code));
		} catch (error) {
			scope.end();
			throw error;
		}
	}

	/** What was evaluated last is in use. */
	adopt(): void {
		for (const [id, scope] of this.#next) {
			this.#current.get(id)?.end();
			this.#current.set(id, scope);
		}
		this.#next.clear();
	}
}
