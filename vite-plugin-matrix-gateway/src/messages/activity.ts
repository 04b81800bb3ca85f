/** What goes on: tasks, payments and how the system is. */
import { id, number, optional, text, worldMessage } from "./values.ts";

const task = {
	task_id: text("The task's id"),
	title: optional(text("What is to be done")),
	status: optional(text("How it stands, such as pending or done")),
	action: optional(text("What was done to it; shown in place of the status")),
	priority: optional(text("How urgent it is, such as low or high")),
};

export const taskCreated = worldMessage(
	"task_created",
	"There is a new task",
	task,
);

export const taskUpdate = worldMessage(
	"task_update",
	"A task has changed",
	task,
);

export const taskAction = worldMessage(
	"task_action",
	"Something was done to a task",
	task,
);

export const paymentFlow = worldMessage(
	"payment_flow",
	"One agent pays another; coins fly where both are there",
	{
		from: id("Who pays"),
		to: id("Who is paid"),
		amount: number("How much"),
		unit: optional(text("Of what, such as sat")),
	},
);

export const systemStatus = worldMessage("system_status", "How the system is", {
	status: text("In a word, such as ok"),
	text: optional(text("In words")),
});
