/** Who and what was there then. */
import { useState } from "preact/hooks";
import { Json } from "../tap/json.tsx";
import type { RetainedThen, WorldThen } from "./timeline.ts";

/** More than that nobody reads, and a page is slow with. */
const MOST = 300;

export function Then({ then }: { readonly then: WorldThen }) {
	const { agents, retained } = then;
	return (
		<div class="then" aria-live="off">
			<section aria-label="Agents then">
				<h2>
					Agents then <span class="quiet">{agents.length}</span>
				</h2>
				{agents.length === 0 && <p class="quiet">Nobody was there.</p>}
				<ul class="names">
					{agents.slice(0, MOST).map(({ agentId, role }) => (
						<li key={agentId}>
							{agentId} <span class="quiet">{role}</span>
						</li>
					))}
				</ul>
			</section>
			<section aria-label="Retained then">
				<h2>
					Retained then <span class="quiet">{retained.length}</span>
				</h2>
				{retained.length === 0 && <p class="quiet">Nothing was retained.</p>}
				{retained.slice(0, MOST).map((one) => (
					<Kept key={`${one.agentId ?? ""}\n${one.key}`} one={one} />
				))}
			</section>
		</div>
	);
}

function Kept({ one }: { readonly one: RetainedThen }) {
	const [isOpen, setOpen] = useState(false);
	const { key, agentId, texts } = one;
	return (
		<details
			class="kept"
			onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
		>
			<summary>
				<span class="mono">{key}</span>
				<span class="quiet">
					{agentId === undefined ? "the world's" : `${agentId}'s`}
					{texts.length > 1 ? `, ${texts.length} messages` : ""}
				</span>
			</summary>
			{isOpen && texts.map((text, at) => <Json key={at} text={text} />)}
		</details>
	);
}
