/** The documented messages. Written by `npm run messages`, from the schemas beside it. */

/** A point in the world, in metres; y is up. */
export interface Position {
	/** Metres to the right of the first view. */
	readonly x: number;
	/** Metres up; without it 0. */
	readonly y?: number | undefined;
	/** Metres towards the first view. */
	readonly z: number;
}

export interface Axes {
	/** Along x. */
	readonly x: number;
	/** Upwards. */
	readonly y: number;
	/** Along z. */
	readonly z: number;
}

/** How an agent is. All of it each time: what is left out is reset. */
export interface AgentState {
	readonly type: "agent_state";
	/** The agent that says it, and that it is about. */
	readonly agentId?: string | undefined;
	/** The same, in another spelling. */
	readonly agent_id?: string | undefined;
	/** The colour that its lamp glows in. */
	readonly state: "idle" | "working" | "waiting" | "thinking" | "active";
	/** Stands under its name, up to 60 characters are shown. */
	readonly current_task?: string | undefined;
	/** 0 to 1; without it the state's own. */
	readonly glow_intensity?: number | undefined;
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null | undefined;
	/** With a target_id: what the gateway's receipt names as its id. */
	readonly receipt?: string | null | undefined;
	/** What the answer has to name as its in_reply_to. */
	readonly reply_to?: unknown | undefined;
	/** The reply_to of the message that this answers. */
	readonly in_reply_to?: unknown | undefined;
	/** What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}. */
	readonly retain?: unknown | undefined;
}

/** Where an agent goes. It walks there and then turns. */
export interface AgentMove {
	readonly type: "agent_move";
	/** The agent that says it, and that it is about. */
	readonly agentId?: string | undefined;
	/** The same, in another spelling. */
	readonly agent_id?: string | undefined;
	readonly position: Position;
	/** Radians about the vertical, to look once there: 0 along +z, π/2 along +x; without it, where it came walking. */
	readonly facing?: number | undefined;
	/** Metres a second, up to 20; 0 puts it there at once; without it a walking pace. */
	readonly speed?: number | undefined;
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null | undefined;
	/** With a target_id: what the gateway's receipt names as its id. */
	readonly receipt?: string | null | undefined;
	/** What the answer has to name as its in_reply_to. */
	readonly reply_to?: unknown | undefined;
	/** The reply_to of the message that this answers. */
	readonly in_reply_to?: unknown | undefined;
	/** What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}. */
	readonly retain?: unknown | undefined;
}

/** What an agent is about, for a time. */
export interface AgentBehavior {
	readonly type: "agent_behavior";
	/** The agent that says it, and that it is about. */
	readonly agentId?: string | undefined;
	/** The same, in another spelling. */
	readonly agent_id?: string | undefined;
	/** wander: looks about; ponder: hand to the chin; inspect: leans forward; converse: talks with its hands; place: bends down to put something there; return_home: walks to its home. */
	readonly behavior: "idle" | "wander" | "ponder" | "inspect" | "converse" | "place" | "return_home";
	/** Seconds, up to 600; without it 8. Then it is idle again. */
	readonly duration?: number | undefined;
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null | undefined;
	/** With a target_id: what the gateway's receipt names as its id. */
	readonly receipt?: string | null | undefined;
	/** What the answer has to name as its in_reply_to. */
	readonly reply_to?: unknown | undefined;
	/** The reply_to of the message that this answers. */
	readonly in_reply_to?: unknown | undefined;
	/** What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}. */
	readonly retain?: unknown | undefined;
}

/** What an agent says to everyone near, in a bubble that fades. */
export interface Bark {
	readonly type: "bark";
	/** The agent that says it, and that it is about. */
	readonly agentId?: string | undefined;
	/** The same, in another spelling. */
	readonly agent_id?: string | undefined;
	/** What it says, up to 280 characters are shown. */
	readonly text: string;
	/** The bubble's colour; without it calm. */
	readonly emotion?: "calm" | "excited" | "uncertain" | undefined;
	/** nod, shake, hop or wave; others are ignored. */
	readonly animation?: string | undefined;
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null | undefined;
	/** With a target_id: what the gateway's receipt names as its id. */
	readonly receipt?: string | null | undefined;
	/** What the answer has to name as its in_reply_to. */
	readonly reply_to?: unknown | undefined;
	/** The reply_to of the message that this answers. */
	readonly in_reply_to?: unknown | undefined;
	/** What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}. */
	readonly retain?: unknown | undefined;
}

/** What an agent says to another. With a target_id only that agent hears it; without, everyone. */
export interface AgentMessage {
	readonly type: "agent_message";
	/** The agent that says it, and that it is about. */
	readonly agentId?: string | undefined;
	/** The same, in another spelling. */
	readonly agent_id?: string | undefined;
	/** What it says. */
	readonly text: string;
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null | undefined;
	/** With a target_id: what the gateway's receipt names as its id. */
	readonly receipt?: string | null | undefined;
	/** What the answer has to name as its in_reply_to. */
	readonly reply_to?: unknown | undefined;
	/** The reply_to of the message that this answers. */
	readonly in_reply_to?: unknown | undefined;
	/** What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}. */
	readonly retain?: unknown | undefined;
}

/** Puts an object into the world, in place of one of the same id. */
export interface SceneAdd {
	readonly type: "scene_add";
	/** The agent that says it, and that it is about. */
	readonly agentId?: string | undefined;
	/** The same, in another spelling. */
	readonly agent_id?: string | undefined;
	/** The object's id, which begins with the name of its agent best, 1 to 128 characters. */
	readonly id: string;
	/** Without it box. Each is a metre wide and tall. */
	readonly kind?: "box" | "sphere" | "cone" | "cylinder" | "gltf" | undefined;
	readonly position?: Position | undefined;
	/** A factor for all axes, or one for each, 0.02 to 20. */
	readonly scale?: number | Axes | undefined;
	/** Radians about the vertical; without it 0. */
	readonly rotation?: number | undefined;
	/** #rgb, #rrggbb or a CSS colour name. */
	readonly color?: string | undefined;
	/** How much it shines by itself, 0 to 1; without it 0. */
	readonly glow?: number | undefined;
	/** A sign above it, up to 40 characters are shown. */
	readonly label?: string | undefined;
	/** Of a gltf model: http(s), or relative to the page. */
	readonly url?: string | undefined;
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null | undefined;
	/** With a target_id: what the gateway's receipt names as its id. */
	readonly receipt?: string | null | undefined;
	/** What the answer has to name as its in_reply_to. */
	readonly reply_to?: unknown | undefined;
	/** The reply_to of the message that this answers. */
	readonly in_reply_to?: unknown | undefined;
	/** What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}. */
	readonly retain?: unknown | undefined;
}

/** Changes the fields of an object that it has. */
export interface SceneUpdate {
	readonly type: "scene_update";
	/** The agent that says it, and that it is about. */
	readonly agentId?: string | undefined;
	/** The same, in another spelling. */
	readonly agent_id?: string | undefined;
	/** The object's id, which begins with the name of its agent best, 1 to 128 characters. */
	readonly id: string;
	/** Without it box. Each is a metre wide and tall. */
	readonly kind?: "box" | "sphere" | "cone" | "cylinder" | "gltf" | undefined;
	readonly position?: Position | undefined;
	/** A factor for all axes, or one for each, 0.02 to 20. */
	readonly scale?: number | Axes | undefined;
	/** Radians about the vertical; without it 0. */
	readonly rotation?: number | undefined;
	/** #rgb, #rrggbb or a CSS colour name. */
	readonly color?: string | undefined;
	/** How much it shines by itself, 0 to 1; without it 0. */
	readonly glow?: number | undefined;
	/** A sign above it, up to 40 characters are shown. */
	readonly label?: string | undefined;
	/** Of a gltf model: http(s), or relative to the page. */
	readonly url?: string | undefined;
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null | undefined;
	/** With a target_id: what the gateway's receipt names as its id. */
	readonly receipt?: string | null | undefined;
	/** What the answer has to name as its in_reply_to. */
	readonly reply_to?: unknown | undefined;
	/** The reply_to of the message that this answers. */
	readonly in_reply_to?: unknown | undefined;
	/** What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}. */
	readonly retain?: unknown | undefined;
}

/** Takes an object out of the world. */
export interface SceneRemove {
	readonly type: "scene_remove";
	/** The agent that says it, and that it is about. */
	readonly agentId?: string | undefined;
	/** The same, in another spelling. */
	readonly agent_id?: string | undefined;
	/** The object's id, which begins with the name of its agent best, 1 to 128 characters. */
	readonly id: string;
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null | undefined;
	/** With a target_id: what the gateway's receipt names as its id. */
	readonly receipt?: string | null | undefined;
	/** What the answer has to name as its in_reply_to. */
	readonly reply_to?: unknown | undefined;
	/** The reply_to of the message that this answers. */
	readonly in_reply_to?: unknown | undefined;
	/** What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}. */
	readonly retain?: unknown | undefined;
}

/** Takes all objects out of the world. */
export interface SceneClear {
	readonly type: "scene_clear";
	/** The agent that says it, and that it is about. */
	readonly agentId?: string | undefined;
	/** The same, in another spelling. */
	readonly agent_id?: string | undefined;
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null | undefined;
	/** With a target_id: what the gateway's receipt names as its id. */
	readonly receipt?: string | null | undefined;
	/** What the answer has to name as its in_reply_to. */
	readonly reply_to?: unknown | undefined;
	/** The reply_to of the message that this answers. */
	readonly in_reply_to?: unknown | undefined;
	/** What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}. */
	readonly retain?: unknown | undefined;
}

/** Several changes at once, up to 500. */
export interface SceneBatch {
	readonly type: "scene_batch";
	/** The agent that says it, and that it is about. */
	readonly agentId?: string | undefined;
	/** The same, in another spelling. */
	readonly agent_id?: string | undefined;
	readonly messages: readonly (SceneAdd | SceneUpdate | SceneRemove | SceneClear | {
		readonly type: string;
		readonly [field: string]: unknown;
	})[];
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null | undefined;
	/** With a target_id: what the gateway's receipt names as its id. */
	readonly receipt?: string | null | undefined;
	/** What the answer has to name as its in_reply_to. */
	readonly reply_to?: unknown | undefined;
	/** The reply_to of the message that this answers. */
	readonly in_reply_to?: unknown | undefined;
	/** What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}. */
	readonly retain?: unknown | undefined;
}

/** Lays a disc on the ground. */
export interface ZoneAdd {
	readonly type: "zone_add";
	/** The agent that says it, and that it is about. */
	readonly agentId?: string | undefined;
	/** The same, in another spelling. */
	readonly agent_id?: string | undefined;
	/** The zone's id, 1 to 128 characters. */
	readonly id: string;
	readonly position: Position;
	/** Metres, 0.2 to 30; without it 2. */
	readonly radius?: number | undefined;
	/** Up to 40 characters are shown. */
	readonly label?: string | undefined;
	/** #rgb, #rrggbb or a CSS colour name. */
	readonly color?: string | undefined;
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null | undefined;
	/** With a target_id: what the gateway's receipt names as its id. */
	readonly receipt?: string | null | undefined;
	/** What the answer has to name as its in_reply_to. */
	readonly reply_to?: unknown | undefined;
	/** The reply_to of the message that this answers. */
	readonly in_reply_to?: unknown | undefined;
	/** What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}. */
	readonly retain?: unknown | undefined;
}

/** Takes a zone away. */
export interface ZoneRemove {
	readonly type: "zone_remove";
	/** The agent that says it, and that it is about. */
	readonly agentId?: string | undefined;
	/** The same, in another spelling. */
	readonly agent_id?: string | undefined;
	/** The zone's id, 1 to 128 characters. */
	readonly id: string;
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null | undefined;
	/** With a target_id: what the gateway's receipt names as its id. */
	readonly receipt?: string | null | undefined;
	/** What the answer has to name as its in_reply_to. */
	readonly reply_to?: unknown | undefined;
	/** The reply_to of the message that this answers. */
	readonly in_reply_to?: unknown | undefined;
	/** What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}. */
	readonly retain?: unknown | undefined;
}

/** Names a world. */
export interface WorldRegister {
	readonly type: "world_register";
	/** The agent that says it, and that it is about. */
	readonly agentId?: string | undefined;
	/** The same, in another spelling. */
	readonly agent_id?: string | undefined;
	/** The world's id, 1 to 128 characters. */
	readonly id: string;
	/** What the title plate says; without it the id. */
	readonly name?: string | undefined;
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null | undefined;
	/** With a target_id: what the gateway's receipt names as its id. */
	readonly receipt?: string | null | undefined;
	/** What the answer has to name as its in_reply_to. */
	readonly reply_to?: unknown | undefined;
	/** The reply_to of the message that this answers. */
	readonly in_reply_to?: unknown | undefined;
	/** What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}. */
	readonly retain?: unknown | undefined;
}

/** Puts a world's name on the title plate. */
export interface WorldLoad {
	readonly type: "world_load";
	/** The agent that says it, and that it is about. */
	readonly agentId?: string | undefined;
	/** The same, in another spelling. */
	readonly agent_id?: string | undefined;
	/** The world's id, 1 to 128 characters. */
	readonly id: string;
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null | undefined;
	/** With a target_id: what the gateway's receipt names as its id. */
	readonly receipt?: string | null | undefined;
	/** What the answer has to name as its in_reply_to. */
	readonly reply_to?: unknown | undefined;
	/** The reply_to of the message that this answers. */
	readonly in_reply_to?: unknown | undefined;
	/** What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}. */
	readonly retain?: unknown | undefined;
}

/** Forgets a world's name. */
export interface WorldUnregister {
	readonly type: "world_unregister";
	/** The agent that says it, and that it is about. */
	readonly agentId?: string | undefined;
	/** The same, in another spelling. */
	readonly agent_id?: string | undefined;
	/** The world's id, 1 to 128 characters. */
	readonly id: string;
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null | undefined;
	/** With a target_id: what the gateway's receipt names as its id. */
	readonly receipt?: string | null | undefined;
	/** What the answer has to name as its in_reply_to. */
	readonly reply_to?: unknown | undefined;
	/** The reply_to of the message that this answers. */
	readonly in_reply_to?: unknown | undefined;
	/** What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}. */
	readonly retain?: unknown | undefined;
}

/** There is a new task. */
export interface TaskCreated {
	readonly type: "task_created";
	/** The agent that says it, and that it is about. */
	readonly agentId?: string | undefined;
	/** The same, in another spelling. */
	readonly agent_id?: string | undefined;
	/** The task's id. */
	readonly task_id: string;
	/** What is to be done. */
	readonly title?: string | undefined;
	/** How it stands, such as pending or done. */
	readonly status?: string | undefined;
	/** What was done to it; shown in place of the status. */
	readonly action?: string | undefined;
	/** How urgent it is, such as low or high. */
	readonly priority?: string | undefined;
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null | undefined;
	/** With a target_id: what the gateway's receipt names as its id. */
	readonly receipt?: string | null | undefined;
	/** What the answer has to name as its in_reply_to. */
	readonly reply_to?: unknown | undefined;
	/** The reply_to of the message that this answers. */
	readonly in_reply_to?: unknown | undefined;
	/** What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}. */
	readonly retain?: unknown | undefined;
}

/** A task has changed. */
export interface TaskUpdate {
	readonly type: "task_update";
	/** The agent that says it, and that it is about. */
	readonly agentId?: string | undefined;
	/** The same, in another spelling. */
	readonly agent_id?: string | undefined;
	/** The task's id. */
	readonly task_id: string;
	/** What is to be done. */
	readonly title?: string | undefined;
	/** How it stands, such as pending or done. */
	readonly status?: string | undefined;
	/** What was done to it; shown in place of the status. */
	readonly action?: string | undefined;
	/** How urgent it is, such as low or high. */
	readonly priority?: string | undefined;
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null | undefined;
	/** With a target_id: what the gateway's receipt names as its id. */
	readonly receipt?: string | null | undefined;
	/** What the answer has to name as its in_reply_to. */
	readonly reply_to?: unknown | undefined;
	/** The reply_to of the message that this answers. */
	readonly in_reply_to?: unknown | undefined;
	/** What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}. */
	readonly retain?: unknown | undefined;
}

/** Something was done to a task. */
export interface TaskAction {
	readonly type: "task_action";
	/** The agent that says it, and that it is about. */
	readonly agentId?: string | undefined;
	/** The same, in another spelling. */
	readonly agent_id?: string | undefined;
	/** The task's id. */
	readonly task_id: string;
	/** What is to be done. */
	readonly title?: string | undefined;
	/** How it stands, such as pending or done. */
	readonly status?: string | undefined;
	/** What was done to it; shown in place of the status. */
	readonly action?: string | undefined;
	/** How urgent it is, such as low or high. */
	readonly priority?: string | undefined;
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null | undefined;
	/** With a target_id: what the gateway's receipt names as its id. */
	readonly receipt?: string | null | undefined;
	/** What the answer has to name as its in_reply_to. */
	readonly reply_to?: unknown | undefined;
	/** The reply_to of the message that this answers. */
	readonly in_reply_to?: unknown | undefined;
	/** What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}. */
	readonly retain?: unknown | undefined;
}

/** One agent pays another; coins fly where both are there. */
export interface PaymentFlow {
	readonly type: "payment_flow";
	/** The agent that says it, and that it is about. */
	readonly agentId?: string | undefined;
	/** The same, in another spelling. */
	readonly agent_id?: string | undefined;
	/** Who pays, 1 to 128 characters. */
	readonly from: string;
	/** Who is paid, 1 to 128 characters. */
	readonly to: string;
	/** How much. */
	readonly amount: number;
	/** Of what, such as sat. */
	readonly unit?: string | undefined;
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null | undefined;
	/** With a target_id: what the gateway's receipt names as its id. */
	readonly receipt?: string | null | undefined;
	/** What the answer has to name as its in_reply_to. */
	readonly reply_to?: unknown | undefined;
	/** The reply_to of the message that this answers. */
	readonly in_reply_to?: unknown | undefined;
	/** What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}. */
	readonly retain?: unknown | undefined;
}

/** How the system is. */
export interface SystemStatus {
	readonly type: "system_status";
	/** The agent that says it, and that it is about. */
	readonly agentId?: string | undefined;
	/** The same, in another spelling. */
	readonly agent_id?: string | undefined;
	/** In a word, such as ok. */
	readonly status: string;
	/** In words. */
	readonly text?: string | undefined;
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null | undefined;
	/** With a target_id: what the gateway's receipt names as its id. */
	readonly receipt?: string | null | undefined;
	/** What the answer has to name as its in_reply_to. */
	readonly reply_to?: unknown | undefined;
	/** The reply_to of the message that this answers. */
	readonly in_reply_to?: unknown | undefined;
	/** What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}. */
	readonly retain?: unknown | undefined;
}

/** What a visitor says, who needs no name. */
export interface VisitorMessage {
	readonly type: "visitor_message";
	/** The agent that says it, and that it is about. */
	readonly agentId?: string | undefined;
	/** The same, in another spelling. */
	readonly agent_id?: string | undefined;
	/** What they say. */
	readonly text: string;
	/** ISO 8601. */
	readonly timestamp?: string | undefined;
	/** Who says it. */
	readonly name?: string | undefined;
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null | undefined;
	/** With a target_id: what the gateway's receipt names as its id. */
	readonly receipt?: string | null | undefined;
	/** What the answer has to name as its in_reply_to. */
	readonly reply_to?: unknown | undefined;
	/** The reply_to of the message that this answers. */
	readonly in_reply_to?: unknown | undefined;
	/** What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}. */
	readonly retain?: unknown | undefined;
}

/** What an agent says in the chat. */
export interface ChatMessage {
	readonly type: "chat_message";
	/** The agent that says it, and that it is about. */
	readonly agentId?: string | undefined;
	/** The same, in another spelling. */
	readonly agent_id?: string | undefined;
	/** What they say. */
	readonly text: string;
	/** ISO 8601. */
	readonly timestamp?: string | undefined;
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null | undefined;
	/** With a target_id: what the gateway's receipt names as its id. */
	readonly receipt?: string | null | undefined;
	/** What the answer has to name as its in_reply_to. */
	readonly reply_to?: unknown | undefined;
	/** The reply_to of the message that this answers. */
	readonly in_reply_to?: unknown | undefined;
	/** What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}. */
	readonly retain?: unknown | undefined;
}

/** Each documented message by its type. */
export interface WorldMessages {
	readonly agent_state: AgentState;
	readonly agent_move: AgentMove;
	readonly agent_behavior: AgentBehavior;
	readonly bark: Bark;
	readonly agent_message: AgentMessage;
	readonly scene_add: SceneAdd;
	readonly scene_update: SceneUpdate;
	readonly scene_remove: SceneRemove;
	readonly scene_clear: SceneClear;
	readonly scene_batch: SceneBatch;
	readonly zone_add: ZoneAdd;
	readonly zone_remove: ZoneRemove;
	readonly world_register: WorldRegister;
	readonly world_load: WorldLoad;
	readonly world_unregister: WorldUnregister;
	readonly task_created: TaskCreated;
	readonly task_update: TaskUpdate;
	readonly task_action: TaskAction;
	readonly payment_flow: PaymentFlow;
	readonly system_status: SystemStatus;
	readonly visitor_message: VisitorMessage;
	readonly chat_message: ChatMessage;
}

/** Any documented message. */
export type WorldMessage = WorldMessages[keyof WorldMessages];
