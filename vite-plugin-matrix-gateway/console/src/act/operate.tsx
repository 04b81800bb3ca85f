/** What an operator does about somebody, or about all. */
import { useState } from "preact/hooks";
import type { Rights } from "../../../src/node/console/wire.ts";
import { ask, toReason } from "../api.ts";
import type { Row } from "../now/report.ts";
import { Dialog } from "../ui/dialog.tsx";

export interface OperateProps {
	readonly world: string;
	readonly rows: readonly Row[];
	readonly rights: Rights;
}

export function Operate({ world, rows, rights }: OperateProps) {
	return (
		<>
			<Deed
				title="Disconnect an agent"
				about="Its connection is closed and its session ends. Its token stays good."
				label="Agent"
				hints={rows.flatMap(({ agents }) => agents.map(([agentId]) => agentId))}
				button="Disconnect…"
				sure={(agentId) => `Disconnect ${agentId}?`}
				done={(agentId) => `${agentId} was disconnected.`}
				act={(agentId) => ask("disconnect", { world, body: { agentId } })}
			/>
			{rights.revoke && (
				<Deed
					title="Revoke a token"
					about="It is let in no more, and all that lives by it ends, in every world."
					label="Token"
					isSecret
					button="Revoke…"
					sure={() => "Revoke this token?"}
					done={() => "The token was revoked."}
					act={(token) => ask("revoke", { body: { token } })}
				/>
			)}
			{rights.drain && (
				<Deed
					title="Drain the gateway"
					about="Everybody is told to come back later and is closed; then the gateway ends, or in development begins anew."
					button="Drain…"
					sure={() => "Drain the gateway?"}
					done={() => "The gateway drains."}
					act={() => ask("drain", { body: {} })}
				/>
			)}
		</>
	);
}

interface DeedProps {
	readonly title: string;
	readonly about: string;
	/** Of what is asked for; without it nothing is. */
	readonly label?: string;
	readonly hints?: readonly string[];
	readonly isSecret?: boolean;
	readonly button: string;
	sure(given: string): string;
	done(given: string): string;
	act(given: string): Promise<unknown>;
}

function Deed(props: DeedProps) {
	const { title, about, label, hints = [], isSecret, button } = props;
	const [given, setGiven] = useState("");
	const [isAsking, setAsking] = useState(false);
	const [told, setTold] = useState<{ text: string; isProblem: boolean }>();
	const id = title.replace(/\W+/g, "-").toLowerCase();

	async function act(): Promise<void> {
		setAsking(false);
		try {
			await props.act(given);
			setTold({ text: props.done(given), isProblem: false });
			setGiven("");
		} catch (error) {
			setTold({ text: `Not done: ${toReason(error)}.`, isProblem: true });
		}
	}

	return (
		<section class="deed">
			<h2>{title}</h2>
			<p class="quiet">{about}</p>
			<form
				onSubmit={(event) => {
					event.preventDefault();
					setAsking(true);
				}}
			>
				{label && (
					<label>
						<span>{label}</span>
						<input
							{...typeOf(
								isSecret,
								hints.length > 0 ? `${id}-hints` : undefined,
							)}
							autocomplete="off"
							value={given}
							required
							onInput={({ currentTarget: { value } }) => setGiven(value)}
						/>
					</label>
				)}
				{hints.length > 0 && (
					<datalist id={`${id}-hints`}>
						{hints.slice(0, 200).map((hint) => (
							<option key={hint} value={hint} />
						))}
					</datalist>
				)}
				<button type="submit" class="danger">
					{button}
				</button>
			</form>
			<p role="status" class={told?.isProblem ? "problem" : ""}>
				{told?.text ?? ""}
			</p>
			{isAsking && (
				<Dialog title={props.sure(given)} close={() => setAsking(false)}>
					<p>{about}</p>
					<div class="buttons">
						<button type="button" onClick={() => setAsking(false)}>
							Leave it
						</button>
						<button type="button" class="danger" onClick={act}>
							{button.replace("…", "")}
						</button>
					</div>
				</Dialog>
			)}
		</section>
	);
}

/** What is secret is shown to nobody, and so has no hints. */
function typeOf(isSecret: boolean | undefined, list: string | undefined) {
	if (isSecret) return { type: "password" } as const;
	return list === undefined
		? ({ type: "text" } as const)
		: ({ type: "text", list } as const);
}
