/** A message by hand. */
import { useEffect, useState } from "preact/hooks";
import { ask, toReason } from "../api.ts";
import { Json } from "../tap/json.tsx";
import { Fields } from "./fields.tsx";
import { type Filled, namesOf, type Schema, toMessage } from "./schema.ts";
import { loadSchema, TYPES } from "./schemas.ts";

export function Send({ world }: { readonly world: string }) {
	const [type, setType] = useState("bark");
	const [schema, setSchema] = useState<Schema>();
	const [filled, setFilled] = useState<Filled>({});
	const [told, setTold] = useState<Told>();

	useEffect(() => {
		let isOld = false;
		setSchema(undefined);
		void loadSchema(type).then((loaded) => !isOld && setSchema(loaded));
		return () => {
			isOld = true;
		};
	}, [type]);

	const made = schema && toMessage(type, schema, filled);
	const problem = made && "problem" in made ? made.problem : undefined;

	async function send(event: Event): Promise<void> {
		event.preventDefault();
		if (!made || !("message" in made)) return;
		setTold(await sendNow(world, made.message));
	}

	function choose(next: string): void {
		setType(next);
		setFilled({});
		setTold(undefined);
	}

	const names = schema ? namesOf(schema) : { own: [], common: [] };
	const fields = schema && {
		schema,
		filled,
		fill: (name: string, text: string) =>
			setFilled((before) => ({ ...before, [name]: text })),
	};
	return (
		<form class="send" onSubmit={send}>
			<div class="send-form">
				<div class="field">
					<label for="send-type">Type</label>
					<select
						id="send-type"
						value={type}
						onChange={({ currentTarget: { value } }) => choose(value)}
					>
						{TYPES.map((one) => (
							<option key={one} value={one}>
								{one}
							</option>
						))}
					</select>
					<p class="quiet">{schema?.description}</p>
				</div>
				{fields && <Fields names={names.own} {...fields} />}
				{fields && names.common.length > 0 && (
					<details>
						<summary>To whom, receipts, and what is kept</summary>
						<Fields names={names.common} {...fields} />
					</details>
				)}
			</div>
			<div class="send-out">
				<h3>What is sent</h3>
				<div
					class="detail-text"
					tabIndex={0}
					role="region"
					aria-label="What is sent"
				>
					<Json
						text={JSON.stringify(
							made && "message" in made ? made.message : { type },
						)}
					/>
				</div>
				<div class="buttons">
					<button
						type="submit"
						class="primary"
						disabled={!made || problem !== undefined}
					>
						Send to “{world}”
					</button>
				</div>
				<p
					role="status"
					class={problem ? "quiet" : told?.isProblem ? "problem" : ""}
				>
					{problem ? `Not complete: ${problem}.` : (told?.text ?? "")}
				</p>
				<p class="quiet">
					It is sent as a viewer, who has no name: what the gateway lets viewers
					say goes through.
				</p>
			</div>
		</form>
	);
}

interface Told {
	readonly text: string;
	readonly isProblem: boolean;
}

async function sendNow(world: string, message: object): Promise<Told> {
	const at = new Date().toLocaleTimeString();
	try {
		const response = await ask("messages", { world, body: message });
		const { results } = await response.json();
		const error = results?.[0]?.error;
		if (error)
			return {
				text: `${at}: refused, ${error.code}: ${error.message}`,
				isProblem: true,
			};
		return { text: `${at}: sent, it has its place.`, isProblem: false };
	} catch (error) {
		return { text: `${at}: not sent, ${toReason(error)}`, isProblem: true };
	}
}
