/** The page: it shows who is here, where they stand and what they say, and says what you type. */
import { token, url } from "virtual:matrix-gateway";
import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
import { matrixMessage } from "vite-plugin-matrix-gateway/messages";

const status = find("#status", HTMLOutputElement);
const plaza = find("#plaza", HTMLElement);
const form = find("form", HTMLFormElement);

const matrix = createMatrixClient({
	url,
	token,
	// Anybody may say anything. What the page hears has the fields that it should have.
	schema: matrixMessage,
	// An edit of this file takes the place of the page before it.
	hot: import.meta.hot,
});

const figures = new Map<string, HTMLElement>();
plaza.replaceChildren();

matrix.onState((state) => {
	status.textContent = state.status;
});

matrix.onAgents((agents) => {
	for (const [agentId, figure] of figures)
		if (!agents.has(agentId)) {
			figure.remove();
			figures.delete(agentId);
		}
	for (const agentId of agents.keys())
		if (!figures.has(agentId)) figures.set(agentId, addFigure(agentId));
});

matrix.on("agent_move", ({ agentId = "", position }) => {
	const style = figures.get(agentId)?.style;
	style?.setProperty("--x", `${position.x}`);
	style?.setProperty("--z", `${position.z}`);
});

matrix.on("bark", ({ agentId = "", text }) => {
	figures.get(agentId)?.querySelector("q")?.replaceChildren(text);
});

form.onsubmit = (event) => {
	event.preventDefault();
	const text = String(new FormData(form).get("text"));
	matrix.send({ type: "visitor_message", text });
	form.reset();
};

function addFigure(agentId: string): HTMLElement {
	const figure = document.createElement("div");
	figure.className = "agent";
	figure.append(document.createElement("q"), agentId);
	plaza.append(figure);
	return figure;
}

function find<Type extends Element>(
	selector: string,
	type: new () => Type,
): Type {
	const element = document.querySelector(selector);
	if (element instanceof type) return element;
	throw new Error(`index.html has no ${selector}`);
}
