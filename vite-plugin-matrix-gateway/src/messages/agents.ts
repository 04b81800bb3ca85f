/** What agents say of themselves and to each other. */
import {
	number,
	optional,
	position,
	text,
	word,
	worldMessage,
} from "./values.ts";

export const agentState = worldMessage(
	"agent_state",
	"How an agent is. All of it each time: what is left out is reset",
	{
		state: word(
			["idle", "working", "waiting", "thinking", "active"],
			"The colour that its lamp glows in",
		),
		current_task: optional(
			text("Stands under its name, up to 60 characters are shown"),
		),
		glow_intensity: optional(number("0 to 1; without it the state's own")),
	},
);

export const agentMove = worldMessage(
	"agent_move",
	"Where an agent goes. It walks there and then turns",
	{
		position,
		facing: optional(
			number(
				"Radians about the vertical, to look once there: 0 along +z, π/2 along +x; without it, where it came walking",
			),
		),
		speed: optional(
			number(
				"Metres a second, up to 20; 0 puts it there at once; without it a walking pace",
			),
		),
	},
);

export const agentBehavior = worldMessage(
	"agent_behavior",
	"What an agent is about, for a time",
	{
		behavior: word(
			[
				"idle",
				"wander",
				"ponder",
				"inspect",
				"converse",
				"place",
				"return_home",
			],
			"wander: looks about; ponder: hand to the chin; inspect: leans forward; converse: talks with its hands; place: bends down to put something there; return_home: walks to its home",
		),
		duration: optional(
			number("Seconds, up to 600; without it 8. Then it is idle again"),
		),
	},
);

export const bark = worldMessage(
	"bark",
	"What an agent says to everyone near, in a bubble that fades",
	{
		text: text("What it says, up to 280 characters are shown"),
		emotion: optional(
			word(
				["calm", "excited", "uncertain"],
				"The bubble's colour; without it calm",
			),
		),
		animation: optional(text("nod, shake, hop or wave; others are ignored")),
	},
);

export const agentMessage = worldMessage(
	"agent_message",
	"What an agent says to another. With a target_id only that agent hears it; without, everyone",
	{
		text: text("What it says"),
	},
);

const said = {
	text: text("What they say"),
	timestamp: optional(text("ISO 8601")),
};

export const chatMessage = worldMessage(
	"chat_message",
	"What an agent says in the chat",
	{ ...said },
);

export const visitorMessage = worldMessage(
	"visitor_message",
	"What a visitor says, who needs no name",
	{ ...said, name: optional(text("Who says it")) },
);
