/** What may be done: to say something, and to end something. */
import type { Rights } from "../../../src/node/console/wire.ts";
import type { Row } from "../now/report.ts";
import { world } from "../session.ts";
import { useStore } from "../ui/store.ts";
import { Operate } from "./operate.tsx";
import { Send } from "./send.tsx";

export interface ActProps {
	readonly rows: readonly Row[];
	readonly rights: Rights;
}

export function Act({ rows, rights }: ActProps) {
	const name = useStore(world);
	return (
		<div class="act">
			<section class="act-send" aria-labelledby="act-send">
				<h2 id="act-send">Send a message</h2>
				<Send world={name} />
			</section>
			<aside class="act-operate" aria-label="Operate">
				<Operate world={name} rows={rows} rights={rights} />
			</aside>
		</div>
	);
}
