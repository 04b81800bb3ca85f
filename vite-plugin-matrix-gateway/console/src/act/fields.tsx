/** A form for what a schema says. */
import { type Filled, fieldOf, type Schema } from "./schema.ts";

export interface FieldsProps {
	readonly names: readonly string[];
	readonly schema: Schema;
	readonly prefix?: string;
	readonly filled: Filled;
	fill(name: string, text: string): void;
}

export function Fields({ names, schema, prefix = "", ...rest }: FieldsProps) {
	const { properties = {}, required = [] } = schema;
	return (
		<>
			{names.map((name) => {
				const one = properties[name];
				return (
					one && (
						<One
							key={name}
							name={name}
							path={prefix + name}
							schema={one}
							isRequired={required.includes(name)}
							{...rest}
						/>
					)
				);
			})}
		</>
	);
}

interface OneProps extends Pick<FieldsProps, "filled" | "fill"> {
	readonly name: string;
	readonly path: string;
	readonly schema: Schema;
	readonly isRequired: boolean;
}

function One({ name, path, schema, isRequired, filled, fill }: OneProps) {
	const field = fieldOf(schema);
	const id = `field-${path}`;
	if (field.kind === "group")
		return (
			<fieldset class="group">
				<legend>
					{name}
					{isRequired && <Needed />}
				</legend>
				<Fields
					names={Object.keys(field.schema.properties ?? {})}
					schema={field.schema}
					prefix={`${path}.`}
					filled={filled}
					fill={fill}
				/>
			</fieldset>
		);
	const value = filled[path] ?? "";
	const onInput = ({ currentTarget }: { currentTarget: { value: string } }) =>
		fill(path, currentTarget.value);
	const common = { id, value, onInput, "aria-describedby": `${id}-about` };
	return (
		<div class="field">
			<label for={id}>
				{name}
				{isRequired && <Needed />}
			</label>
			{field.kind === "choice" || field.kind === "switch" ? (
				<select {...common}>
					<option value="">–</option>
					{(field.kind === "choice" ? field.choices : ["true", "false"]).map(
						(choice) => (
							<option key={choice} value={choice}>
								{choice}
							</option>
						),
					)}
				</select>
			) : field.kind === "json" ? (
				<textarea rows={2} class="mono" {...common} />
			) : (
				<input
					inputMode={field.kind === "number" ? "decimal" : "text"}
					{...common}
				/>
			)}
			<p id={`${id}-about`} class="quiet">
				{schema.description}
			</p>
		</div>
	);
}

function Needed() {
	return <span class="needed"> needed</span>;
}
