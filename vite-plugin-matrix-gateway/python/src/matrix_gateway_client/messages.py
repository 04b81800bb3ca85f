"""The documented messages of the Matrix as TypedDicts. Written by `npm run messages`.

They are promises of those who send, not checks: the gateway routes what it is given, so look at a
field before you trust it. A message may have more fields than are named here.
"""

from typing import Any, Literal, NotRequired, TypedDict

__all__ = [
    "AgentBehavior",
    "AgentInfo",
    "AgentJoined",
    "AgentLeft",
    "AgentMessage",
    "AgentMove",
    "AgentRegister",
    "AgentRegistered",
    "AgentState",
    "AgentSubscribe",
    "AgentSubscribed",
    "AgentUnregister",
    "AuthRefresh",
    "Axes",
    "Bark",
    "ChatMessage",
    "GatewayAuth",
    "GatewayError",
    "GatewayHello",
    "GatewayReceipt",
    "GatewayReplaced",
    "GatewayShutdown",
    "Interest",
    "PaymentFlow",
    "Ping",
    "Pong",
    "Position",
    "SceneAdd",
    "SceneBatch",
    "SceneClear",
    "SceneRemove",
    "SceneUpdate",
    "SystemStatus",
    "TaskAction",
    "TaskCreated",
    "TaskUpdate",
    "VisitorMessage",
    "WorldLoad",
    "WorldMessage",
    "WorldRegister",
    "WorldUnregister",
    "ZoneAdd",
    "ZoneRemove",
]


class AgentRegisterResume(TypedDict):
    session: str
    """As agent_registered gave it. A secret."""
    received: int
    """Messages got since agent_registered."""
    retained: NotRequired[bool]
    """Whether to send the retained messages too."""


class Position(TypedDict):
    """A point in the world, in metres; y is up."""

    x: float
    """Metres to the right of the first view."""
    y: NotRequired[float]
    """Metres up; without it 0."""
    z: float
    """Metres towards the first view."""


class Axes(TypedDict):
    x: float
    """Along x."""
    y: float
    """Upwards."""
    z: float
    """Along z."""


class AgentInfo(TypedDict):
    agentId: str
    """The agent's name."""
    role: str
    """What it is, such as agent or browser."""


Interest = TypedDict(
    "Interest",
    {
        # The only types; a * at the end of a text stands for anything.
        "types": NotRequired[list[str] | None],
        # Only what connections send that have registered one of these names.
        "from": NotRequired[list[str] | None],
    },
)


class AgentState(TypedDict):
    """How an agent is. All of it each time: what is left out is reset."""

    type: Literal["agent_state"]
    agentId: NotRequired[str]
    """The agent that says it, and that it is about."""
    agent_id: NotRequired[str]
    """The same, in another spelling."""
    state: Literal["idle", "working", "waiting", "thinking", "active"]
    """The colour that its lamp glows in."""
    current_task: NotRequired[str]
    """Stands under its name, up to 60 characters are shown."""
    glow_intensity: NotRequired[float]
    """0 to 1; without it the state's own."""
    target_id: NotRequired[str | None]
    """The agent that it is for; without it, everyone."""
    receipt: NotRequired[str | None]
    """With a target_id: what the gateway's receipt names as its id."""
    reply_to: NotRequired[Any]
    """What the answer has to name as its in_reply_to."""
    in_reply_to: NotRequired[Any]
    """The reply_to of the message that this answers."""
    retain: NotRequired[Any]
    '''What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}.'''


class AgentMove(TypedDict):
    """Where an agent goes. It walks there and then turns."""

    type: Literal["agent_move"]
    agentId: NotRequired[str]
    """The agent that says it, and that it is about."""
    agent_id: NotRequired[str]
    """The same, in another spelling."""
    position: Position
    facing: NotRequired[float]
    """Radians about the vertical, to look once there: 0 along +z, π/2 along +x; without it, where it came walking."""
    speed: NotRequired[float]
    """Metres a second, up to 20; 0 puts it there at once; without it a walking pace."""
    target_id: NotRequired[str | None]
    """The agent that it is for; without it, everyone."""
    receipt: NotRequired[str | None]
    """With a target_id: what the gateway's receipt names as its id."""
    reply_to: NotRequired[Any]
    """What the answer has to name as its in_reply_to."""
    in_reply_to: NotRequired[Any]
    """The reply_to of the message that this answers."""
    retain: NotRequired[Any]
    '''What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}.'''


class AgentBehavior(TypedDict):
    """What an agent is about, for a time."""

    type: Literal["agent_behavior"]
    agentId: NotRequired[str]
    """The agent that says it, and that it is about."""
    agent_id: NotRequired[str]
    """The same, in another spelling."""
    behavior: Literal["idle", "wander", "ponder", "inspect", "converse", "place", "return_home"]
    """wander: looks about; ponder: hand to the chin; inspect: leans forward; converse: talks with its hands; place: bends down to put something there; return_home: walks to its home."""
    duration: NotRequired[float]
    """Seconds, up to 600; without it 8. Then it is idle again."""
    target_id: NotRequired[str | None]
    """The agent that it is for; without it, everyone."""
    receipt: NotRequired[str | None]
    """With a target_id: what the gateway's receipt names as its id."""
    reply_to: NotRequired[Any]
    """What the answer has to name as its in_reply_to."""
    in_reply_to: NotRequired[Any]
    """The reply_to of the message that this answers."""
    retain: NotRequired[Any]
    '''What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}.'''


class Bark(TypedDict):
    """What an agent says to everyone near, in a bubble that fades."""

    type: Literal["bark"]
    agentId: NotRequired[str]
    """The agent that says it, and that it is about."""
    agent_id: NotRequired[str]
    """The same, in another spelling."""
    text: str
    """What it says, up to 280 characters are shown."""
    emotion: NotRequired[Literal["calm", "excited", "uncertain"]]
    """The bubble's colour; without it calm."""
    animation: NotRequired[str]
    """nod, shake, hop or wave; others are ignored."""
    target_id: NotRequired[str | None]
    """The agent that it is for; without it, everyone."""
    receipt: NotRequired[str | None]
    """With a target_id: what the gateway's receipt names as its id."""
    reply_to: NotRequired[Any]
    """What the answer has to name as its in_reply_to."""
    in_reply_to: NotRequired[Any]
    """The reply_to of the message that this answers."""
    retain: NotRequired[Any]
    '''What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}.'''


class AgentMessage(TypedDict):
    """What an agent says to another. With a target_id only that agent hears it; without, everyone."""

    type: Literal["agent_message"]
    agentId: NotRequired[str]
    """The agent that says it, and that it is about."""
    agent_id: NotRequired[str]
    """The same, in another spelling."""
    text: str
    """What it says."""
    target_id: NotRequired[str | None]
    """The agent that it is for; without it, everyone."""
    receipt: NotRequired[str | None]
    """With a target_id: what the gateway's receipt names as its id."""
    reply_to: NotRequired[Any]
    """What the answer has to name as its in_reply_to."""
    in_reply_to: NotRequired[Any]
    """The reply_to of the message that this answers."""
    retain: NotRequired[Any]
    '''What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}.'''


class SceneAdd(TypedDict):
    """Puts an object into the world, in place of one of the same id."""

    type: Literal["scene_add"]
    agentId: NotRequired[str]
    """The agent that says it, and that it is about."""
    agent_id: NotRequired[str]
    """The same, in another spelling."""
    id: str
    """The object's id, which begins with the name of its agent best, 1 to 128 characters."""
    kind: NotRequired[Literal["box", "sphere", "cone", "cylinder", "gltf"]]
    """Without it box. Each is a metre wide and tall."""
    position: NotRequired[Position]
    scale: NotRequired[float | Axes]
    """A factor for all axes, or one for each, 0.02 to 20."""
    rotation: NotRequired[float]
    """Radians about the vertical; without it 0."""
    color: NotRequired[str]
    """#rgb, #rrggbb or a CSS colour name."""
    glow: NotRequired[float]
    """How much it shines by itself, 0 to 1; without it 0."""
    label: NotRequired[str]
    """A sign above it, up to 40 characters are shown."""
    url: NotRequired[str]
    """Of a gltf model: http(s), or relative to the page."""
    target_id: NotRequired[str | None]
    """The agent that it is for; without it, everyone."""
    receipt: NotRequired[str | None]
    """With a target_id: what the gateway's receipt names as its id."""
    reply_to: NotRequired[Any]
    """What the answer has to name as its in_reply_to."""
    in_reply_to: NotRequired[Any]
    """The reply_to of the message that this answers."""
    retain: NotRequired[Any]
    '''What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}.'''


class SceneUpdate(TypedDict):
    """Changes the fields of an object that it has."""

    type: Literal["scene_update"]
    agentId: NotRequired[str]
    """The agent that says it, and that it is about."""
    agent_id: NotRequired[str]
    """The same, in another spelling."""
    id: str
    """The object's id, which begins with the name of its agent best, 1 to 128 characters."""
    kind: NotRequired[Literal["box", "sphere", "cone", "cylinder", "gltf"]]
    """Without it box. Each is a metre wide and tall."""
    position: NotRequired[Position]
    scale: NotRequired[float | Axes]
    """A factor for all axes, or one for each, 0.02 to 20."""
    rotation: NotRequired[float]
    """Radians about the vertical; without it 0."""
    color: NotRequired[str]
    """#rgb, #rrggbb or a CSS colour name."""
    glow: NotRequired[float]
    """How much it shines by itself, 0 to 1; without it 0."""
    label: NotRequired[str]
    """A sign above it, up to 40 characters are shown."""
    url: NotRequired[str]
    """Of a gltf model: http(s), or relative to the page."""
    target_id: NotRequired[str | None]
    """The agent that it is for; without it, everyone."""
    receipt: NotRequired[str | None]
    """With a target_id: what the gateway's receipt names as its id."""
    reply_to: NotRequired[Any]
    """What the answer has to name as its in_reply_to."""
    in_reply_to: NotRequired[Any]
    """The reply_to of the message that this answers."""
    retain: NotRequired[Any]
    '''What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}.'''


class SceneRemove(TypedDict):
    """Takes an object out of the world."""

    type: Literal["scene_remove"]
    agentId: NotRequired[str]
    """The agent that says it, and that it is about."""
    agent_id: NotRequired[str]
    """The same, in another spelling."""
    id: str
    """The object's id, which begins with the name of its agent best, 1 to 128 characters."""
    target_id: NotRequired[str | None]
    """The agent that it is for; without it, everyone."""
    receipt: NotRequired[str | None]
    """With a target_id: what the gateway's receipt names as its id."""
    reply_to: NotRequired[Any]
    """What the answer has to name as its in_reply_to."""
    in_reply_to: NotRequired[Any]
    """The reply_to of the message that this answers."""
    retain: NotRequired[Any]
    '''What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}.'''


class SceneClear(TypedDict):
    """Takes all objects out of the world."""

    type: Literal["scene_clear"]
    agentId: NotRequired[str]
    """The agent that says it, and that it is about."""
    agent_id: NotRequired[str]
    """The same, in another spelling."""
    target_id: NotRequired[str | None]
    """The agent that it is for; without it, everyone."""
    receipt: NotRequired[str | None]
    """With a target_id: what the gateway's receipt names as its id."""
    reply_to: NotRequired[Any]
    """What the answer has to name as its in_reply_to."""
    in_reply_to: NotRequired[Any]
    """The reply_to of the message that this answers."""
    retain: NotRequired[Any]
    '''What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}.'''


class SceneBatch(TypedDict):
    """Several changes at once, up to 500."""

    type: Literal["scene_batch"]
    agentId: NotRequired[str]
    """The agent that says it, and that it is about."""
    agent_id: NotRequired[str]
    """The same, in another spelling."""
    messages: list[SceneAdd | SceneUpdate | SceneRemove | SceneClear | dict[str, Any]]
    target_id: NotRequired[str | None]
    """The agent that it is for; without it, everyone."""
    receipt: NotRequired[str | None]
    """With a target_id: what the gateway's receipt names as its id."""
    reply_to: NotRequired[Any]
    """What the answer has to name as its in_reply_to."""
    in_reply_to: NotRequired[Any]
    """The reply_to of the message that this answers."""
    retain: NotRequired[Any]
    '''What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}.'''


class ZoneAdd(TypedDict):
    """Lays a disc on the ground."""

    type: Literal["zone_add"]
    agentId: NotRequired[str]
    """The agent that says it, and that it is about."""
    agent_id: NotRequired[str]
    """The same, in another spelling."""
    id: str
    """The zone's id, 1 to 128 characters."""
    position: Position
    radius: NotRequired[float]
    """Metres, 0.2 to 30; without it 2."""
    label: NotRequired[str]
    """Up to 40 characters are shown."""
    color: NotRequired[str]
    """#rgb, #rrggbb or a CSS colour name."""
    target_id: NotRequired[str | None]
    """The agent that it is for; without it, everyone."""
    receipt: NotRequired[str | None]
    """With a target_id: what the gateway's receipt names as its id."""
    reply_to: NotRequired[Any]
    """What the answer has to name as its in_reply_to."""
    in_reply_to: NotRequired[Any]
    """The reply_to of the message that this answers."""
    retain: NotRequired[Any]
    '''What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}.'''


class ZoneRemove(TypedDict):
    """Takes a zone away."""

    type: Literal["zone_remove"]
    agentId: NotRequired[str]
    """The agent that says it, and that it is about."""
    agent_id: NotRequired[str]
    """The same, in another spelling."""
    id: str
    """The zone's id, 1 to 128 characters."""
    target_id: NotRequired[str | None]
    """The agent that it is for; without it, everyone."""
    receipt: NotRequired[str | None]
    """With a target_id: what the gateway's receipt names as its id."""
    reply_to: NotRequired[Any]
    """What the answer has to name as its in_reply_to."""
    in_reply_to: NotRequired[Any]
    """The reply_to of the message that this answers."""
    retain: NotRequired[Any]
    '''What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}.'''


class WorldRegister(TypedDict):
    """Names a world."""

    type: Literal["world_register"]
    agentId: NotRequired[str]
    """The agent that says it, and that it is about."""
    agent_id: NotRequired[str]
    """The same, in another spelling."""
    id: str
    """The world's id, 1 to 128 characters."""
    name: NotRequired[str]
    """What the title plate says; without it the id."""
    target_id: NotRequired[str | None]
    """The agent that it is for; without it, everyone."""
    receipt: NotRequired[str | None]
    """With a target_id: what the gateway's receipt names as its id."""
    reply_to: NotRequired[Any]
    """What the answer has to name as its in_reply_to."""
    in_reply_to: NotRequired[Any]
    """The reply_to of the message that this answers."""
    retain: NotRequired[Any]
    '''What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}.'''


class WorldLoad(TypedDict):
    """Puts a world's name on the title plate."""

    type: Literal["world_load"]
    agentId: NotRequired[str]
    """The agent that says it, and that it is about."""
    agent_id: NotRequired[str]
    """The same, in another spelling."""
    id: str
    """The world's id, 1 to 128 characters."""
    target_id: NotRequired[str | None]
    """The agent that it is for; without it, everyone."""
    receipt: NotRequired[str | None]
    """With a target_id: what the gateway's receipt names as its id."""
    reply_to: NotRequired[Any]
    """What the answer has to name as its in_reply_to."""
    in_reply_to: NotRequired[Any]
    """The reply_to of the message that this answers."""
    retain: NotRequired[Any]
    '''What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}.'''


class WorldUnregister(TypedDict):
    """Forgets a world's name."""

    type: Literal["world_unregister"]
    agentId: NotRequired[str]
    """The agent that says it, and that it is about."""
    agent_id: NotRequired[str]
    """The same, in another spelling."""
    id: str
    """The world's id, 1 to 128 characters."""
    target_id: NotRequired[str | None]
    """The agent that it is for; without it, everyone."""
    receipt: NotRequired[str | None]
    """With a target_id: what the gateway's receipt names as its id."""
    reply_to: NotRequired[Any]
    """What the answer has to name as its in_reply_to."""
    in_reply_to: NotRequired[Any]
    """The reply_to of the message that this answers."""
    retain: NotRequired[Any]
    '''What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}.'''


class TaskCreated(TypedDict):
    """There is a new task."""

    type: Literal["task_created"]
    agentId: NotRequired[str]
    """The agent that says it, and that it is about."""
    agent_id: NotRequired[str]
    """The same, in another spelling."""
    task_id: str
    """The task's id."""
    title: NotRequired[str]
    """What is to be done."""
    status: NotRequired[str]
    """How it stands, such as pending or done."""
    action: NotRequired[str]
    """What was done to it; shown in place of the status."""
    priority: NotRequired[str]
    """How urgent it is, such as low or high."""
    target_id: NotRequired[str | None]
    """The agent that it is for; without it, everyone."""
    receipt: NotRequired[str | None]
    """With a target_id: what the gateway's receipt names as its id."""
    reply_to: NotRequired[Any]
    """What the answer has to name as its in_reply_to."""
    in_reply_to: NotRequired[Any]
    """The reply_to of the message that this answers."""
    retain: NotRequired[Any]
    '''What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}.'''


class TaskUpdate(TypedDict):
    """A task has changed."""

    type: Literal["task_update"]
    agentId: NotRequired[str]
    """The agent that says it, and that it is about."""
    agent_id: NotRequired[str]
    """The same, in another spelling."""
    task_id: str
    """The task's id."""
    title: NotRequired[str]
    """What is to be done."""
    status: NotRequired[str]
    """How it stands, such as pending or done."""
    action: NotRequired[str]
    """What was done to it; shown in place of the status."""
    priority: NotRequired[str]
    """How urgent it is, such as low or high."""
    target_id: NotRequired[str | None]
    """The agent that it is for; without it, everyone."""
    receipt: NotRequired[str | None]
    """With a target_id: what the gateway's receipt names as its id."""
    reply_to: NotRequired[Any]
    """What the answer has to name as its in_reply_to."""
    in_reply_to: NotRequired[Any]
    """The reply_to of the message that this answers."""
    retain: NotRequired[Any]
    '''What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}.'''


class TaskAction(TypedDict):
    """Something was done to a task."""

    type: Literal["task_action"]
    agentId: NotRequired[str]
    """The agent that says it, and that it is about."""
    agent_id: NotRequired[str]
    """The same, in another spelling."""
    task_id: str
    """The task's id."""
    title: NotRequired[str]
    """What is to be done."""
    status: NotRequired[str]
    """How it stands, such as pending or done."""
    action: NotRequired[str]
    """What was done to it; shown in place of the status."""
    priority: NotRequired[str]
    """How urgent it is, such as low or high."""
    target_id: NotRequired[str | None]
    """The agent that it is for; without it, everyone."""
    receipt: NotRequired[str | None]
    """With a target_id: what the gateway's receipt names as its id."""
    reply_to: NotRequired[Any]
    """What the answer has to name as its in_reply_to."""
    in_reply_to: NotRequired[Any]
    """The reply_to of the message that this answers."""
    retain: NotRequired[Any]
    '''What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}.'''


PaymentFlow = TypedDict(
    "PaymentFlow",
    {
        "type": Literal["payment_flow"],
        # The agent that says it, and that it is about.
        "agentId": NotRequired[str],
        # The same, in another spelling.
        "agent_id": NotRequired[str],
        # Who pays, 1 to 128 characters.
        "from": str,
        # Who is paid, 1 to 128 characters.
        "to": str,
        # How much.
        "amount": float,
        # Of what, such as sat.
        "unit": NotRequired[str],
        # The agent that it is for; without it, everyone.
        "target_id": NotRequired[str | None],
        # With a target_id: what the gateway's receipt names as its id.
        "receipt": NotRequired[str | None],
        # What the answer has to name as its in_reply_to.
        "reply_to": NotRequired[Any],
        # The reply_to of the message that this answers.
        "in_reply_to": NotRequired[Any],
        # What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}.
        "retain": NotRequired[Any],
    },
)
"""One agent pays another; coins fly where both are there."""


class SystemStatus(TypedDict):
    """How the system is."""

    type: Literal["system_status"]
    agentId: NotRequired[str]
    """The agent that says it, and that it is about."""
    agent_id: NotRequired[str]
    """The same, in another spelling."""
    status: str
    """In a word, such as ok."""
    text: NotRequired[str]
    """In words."""
    target_id: NotRequired[str | None]
    """The agent that it is for; without it, everyone."""
    receipt: NotRequired[str | None]
    """With a target_id: what the gateway's receipt names as its id."""
    reply_to: NotRequired[Any]
    """What the answer has to name as its in_reply_to."""
    in_reply_to: NotRequired[Any]
    """The reply_to of the message that this answers."""
    retain: NotRequired[Any]
    '''What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}.'''


class VisitorMessage(TypedDict):
    """What a visitor says, who needs no name."""

    type: Literal["visitor_message"]
    agentId: NotRequired[str]
    """The agent that says it, and that it is about."""
    agent_id: NotRequired[str]
    """The same, in another spelling."""
    text: str
    """What they say."""
    timestamp: NotRequired[str]
    """ISO 8601."""
    name: NotRequired[str]
    """Who says it."""
    target_id: NotRequired[str | None]
    """The agent that it is for; without it, everyone."""
    receipt: NotRequired[str | None]
    """With a target_id: what the gateway's receipt names as its id."""
    reply_to: NotRequired[Any]
    """What the answer has to name as its in_reply_to."""
    in_reply_to: NotRequired[Any]
    """The reply_to of the message that this answers."""
    retain: NotRequired[Any]
    '''What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}.'''


class ChatMessage(TypedDict):
    """What an agent says in the chat."""

    type: Literal["chat_message"]
    agentId: NotRequired[str]
    """The agent that says it, and that it is about."""
    agent_id: NotRequired[str]
    """The same, in another spelling."""
    text: str
    """What they say."""
    timestamp: NotRequired[str]
    """ISO 8601."""
    target_id: NotRequired[str | None]
    """The agent that it is for; without it, everyone."""
    receipt: NotRequired[str | None]
    """With a target_id: what the gateway's receipt names as its id."""
    reply_to: NotRequired[Any]
    """What the answer has to name as its in_reply_to."""
    in_reply_to: NotRequired[Any]
    """The reply_to of the message that this answers."""
    retain: NotRequired[Any]
    '''What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}.'''


class AgentRegister(TypedDict):
    """To the gateway: puts an agent on this connection."""

    type: Literal["agent_register"]
    agentId: str
    """1 to 128 bytes of UTF-8, without control characters."""
    role: NotRequired[str | None]
    resume: NotRequired[None | bool | AgentRegisterResume]
    """true asks for a session, an object goes on with one."""
    subscribe: NotRequired[Interest | None]
    """What to be sent of what is routed; null for all; absent: what it is sent already."""


class AgentUnregister(TypedDict):
    """To the gateway: takes an agent off this connection."""

    type: Literal["agent_unregister"]
    agentId: str
    """The agent's name."""


class AgentSubscribe(TypedDict):
    """To the gateway: what to be sent of what is routed, from here on."""

    type: Literal["agent_subscribe"]
    subscribe: Interest | None
    """null for all."""


class AuthRefresh(TypedDict):
    """To the gateway: another token, before the one that it has ends."""

    type: Literal["auth_refresh"]
    token: str
    """A secret."""


class Ping(TypedDict):
    """To the gateway: asks for a pong."""

    type: Literal["ping"]
    received: NotRequired[int]
    """In a session: messages that the client has got."""


class AgentRegistered(TypedDict):
    """From the gateway: the answer to agent_register."""

    type: Literal["agent_registered"]
    agentId: str
    """The agent's name."""
    role: str
    """What it is, such as agent or browser."""
    connectionId: str
    """The connection's id, as an operator sees it."""
    heartbeat: float
    """Seconds after which a connection that gives no sign of life is pruned, twice as many at most; 0: never."""
    maxPayload: int
    """Bytes that one message may have."""
    expires: NotRequired[float]
    """Seconds that the token's grant lasts from now on; absent where it has no end."""
    agents: NotRequired[list[AgentInfo]]
    """Who is registered."""
    session: NotRequired[str]
    """What to resume the session with. A secret."""
    resumeWindow: NotRequired[float]
    """Seconds that the session is kept after a drop."""
    resumed: NotRequired[bool]
    """Whether nothing was lost."""
    received: NotRequired[int]
    """Where it was resumed: messages that the gateway has got."""
    subscribe: NotRequired[Interest | None]
    """Where it was asked for: what is sent; null for all."""


class AgentSubscribed(TypedDict):
    """From the gateway: what comes after this is what was asked for."""

    type: Literal["agent_subscribed"]
    subscribe: Interest | None
    """What is sent from here on; null for all."""


class GatewayHello(TypedDict):
    """From the gateway: what a viewer gets first."""

    type: Literal["gateway_hello"]
    protocol: int
    """The version of the protocol."""
    connectionId: str
    """The connection's id, as an operator sees it."""
    heartbeat: float
    """Seconds after which a connection that gives no sign of life is pruned, twice as many at most; 0: never."""
    maxPayload: int
    """Bytes that one message may have."""
    expires: NotRequired[float]
    """Seconds that the token's grant lasts from now on; absent where it has no end."""
    agents: list[AgentInfo]
    """Who is registered."""


class GatewayAuth(TypedDict):
    """From the gateway: the token of an auth_refresh is taken."""

    type: Literal["gateway_auth"]
    expires: NotRequired[float]
    """Seconds that the token's grant lasts from now on; absent where it has no end."""


class AgentJoined(TypedDict):
    """From the gateway: an agent came."""

    type: Literal["agent_joined"]
    agentId: str
    """The agent's name."""
    role: str
    """What it is, such as agent or browser."""


class AgentLeft(TypedDict):
    """From the gateway: an agent went."""

    type: Literal["agent_left"]
    agentId: str
    """The agent's name."""
    role: str
    """What it is, such as agent or browser."""
    reason: str
    """Why: closed, unregistered, replaced, heartbeat, too_slow, expired or revoked."""


class GatewayError(TypedDict):
    """From the gateway: a message was not done as asked."""

    type: Literal["gateway_error"]
    code: str
    """For programs, such as bad_message or target_offline."""
    message: str
    """For people."""
    target_id: NotRequired[str]
    """Who was not there."""
    agentId: NotRequired[str]
    """Which registration was refused."""
    receipt: NotRequired[str]
    """The receipt that does not come."""
    of: NotRequired[str]
    """agent_subscribe, where that was refused."""
    retryAfter: NotRequired[float]
    """Seconds after which the message would have been done."""


class GatewayReceipt(TypedDict):
    """From the gateway: what became of a directed message that asked for it."""

    type: Literal["gateway_receipt"]
    id: str
    """As the message's receipt said."""
    status: str
    """delivered, offline, queued or dropped."""
    target_id: str
    """Whom the message was for."""


class GatewayReplaced(TypedDict):
    """From the gateway: another connection took this name."""

    type: Literal["gateway_replaced"]
    agentId: str
    """The agent's name."""


class GatewayShutdown(TypedDict):
    """From the gateway: it is about to close all connections."""

    type: Literal["gateway_shutdown"]
    reason: str
    """shutdown or restart."""
    reconnectAfter: float
    """Seconds over which to spread the return."""


class Pong(TypedDict):
    """From the gateway: the answer to a ping."""

    type: Literal["pong"]
    received: NotRequired[int]
    """In a session: messages that the gateway has got."""


WorldMessage = (
    AgentState
    | AgentMove
    | AgentBehavior
    | Bark
    | AgentMessage
    | SceneAdd
    | SceneUpdate
    | SceneRemove
    | SceneClear
    | SceneBatch
    | ZoneAdd
    | ZoneRemove
    | WorldRegister
    | WorldLoad
    | WorldUnregister
    | TaskCreated
    | TaskUpdate
    | TaskAction
    | PaymentFlow
    | SystemStatus
    | VisitorMessage
    | ChatMessage
)
"""Any message that agents and pages send to each other."""
