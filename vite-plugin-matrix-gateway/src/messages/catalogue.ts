/** Every documented message by its type. */
import * as activity from "./activity.ts";
import * as agents from "./agents.ts";
import * as gateway from "./gateway.ts";
import * as scene from "./scene.ts";

/** What agents and pages say to each other. The gateway reads none of it. */
export const WORLD = {
	agent_state: agents.agentState,
	agent_move: agents.agentMove,
	agent_behavior: agents.agentBehavior,
	bark: agents.bark,
	agent_message: agents.agentMessage,
	scene_add: scene.sceneAdd,
	scene_update: scene.sceneUpdate,
	scene_remove: scene.sceneRemove,
	scene_clear: scene.sceneClear,
	scene_batch: scene.sceneBatch,
	zone_add: scene.zoneAdd,
	zone_remove: scene.zoneRemove,
	world_register: scene.worldRegister,
	world_load: scene.worldLoad,
	world_unregister: scene.worldUnregister,
	task_created: activity.taskCreated,
	task_update: activity.taskUpdate,
	task_action: activity.taskAction,
	payment_flow: activity.paymentFlow,
	system_status: activity.systemStatus,
	visitor_message: agents.visitorMessage,
	chat_message: agents.chatMessage,
} as const;

/** What a client says to the gateway itself. */
export const TO_GATEWAY = {
	agent_register: gateway.agentRegister,
	agent_unregister: gateway.agentUnregister,
	agent_subscribe: gateway.agentSubscribe,
	auth_refresh: gateway.authRefresh,
	ping: gateway.ping,
} as const;

/** What the gateway itself says. */
export const FROM_GATEWAY = {
	agent_registered: gateway.agentRegistered,
	agent_subscribed: gateway.agentSubscribed,
	gateway_hello: gateway.gatewayHello,
	gateway_auth: gateway.gatewayAuth,
	agent_joined: gateway.agentJoined,
	agent_left: gateway.agentLeft,
	gateway_error: gateway.gatewayError,
	gateway_receipt: gateway.gatewayReceipt,
	gateway_replaced: gateway.gatewayReplaced,
	gateway_shutdown: gateway.gatewayShutdown,
	pong: gateway.pong,
} as const;
