/** The frame: which world, how it fares, and the four ways to look at it. */
import { useEffect, useState } from "preact/hooks";
import { Act } from "./act/act-view.tsx";
import { Header } from "./header.tsx";
import { Now } from "./now/now-view.tsx";
import { calmDown, session, world } from "./session.ts";
import { SignIn } from "./sign-in.tsx";
import { isTab, type Tab, Tabs } from "./tabs.tsx";
import { openTap, shutTap } from "./tap/tap.ts";
import { Tap } from "./tap/tap-view.tsx";
import { Time } from "./time/time-view.tsx";
import { useStore } from "./ui/store.ts";

export function App() {
	const now = useStore(session);
	const [tab, setTab] = useState<Tab>(tabOfAddress());
	const name = useStore(world);
	// Open only while somebody looks at it: to look costs the gateway something.
	const isListener = LISTENING.has(tab);
	const isListening = now.state === "open" && isListener;
	useEffect(() => calmDown(isListener), [isListener]);
	useEffect(() => {
		if (!isListening) return undefined;
		openTap(name);
		return shutTap;
	}, [isListening, name]);
	useEffect(() => {
		const follow = () => setTab(tabOfAddress());
		addEventListener("hashchange", follow);
		return () => removeEventListener("hashchange", follow);
	}, []);

	function choose(next: Tab): void {
		history.replaceState(null, "", `#${next}`);
		setTab(next);
	}

	if (now.state === "refused") return <SignIn {...now} />;
	return (
		<>
			<Header session={now}>
				<Tabs chosen={tab} choose={choose} />
			</Header>
			<main>
				<div id="view" role="tabpanel" aria-labelledby={`tab-${tab}`}>
					{now.state === "opening" ? (
						<p class="opening">Looking at the gateway…</p>
					) : (
						<View tab={tab} {...now} />
					)}
				</div>
			</main>
		</>
	);
}

const LISTENING: ReadonlySet<Tab> = new Set(["tap", "time"] as const);

type Open = Extract<ReturnType<typeof session.get>, { state: "open" }>;

function View({ tab, report, rows, history }: Open & { readonly tab: Tab }) {
	if (tab === "now")
		return <Now report={report} rows={rows} history={history} />;
	if (tab === "tap") return <Tap overhear={report.rights.overhear} />;
	if (tab === "time") return <Time isKept={report.rights.isKept} />;
	if (tab === "act") return <Act rows={rows} rights={report.rights} />;
	return null;
}

function tabOfAddress(): Tab {
	const name = location.hash.slice(1);
	return isTab(name) ? name : "now";
}
