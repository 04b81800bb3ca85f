"""Reads what the gateway sends, and trusts none of it [CL4].

The other end may be broken, old, or no gateway at all, and nothing that it sends may harm the
client. What others say is valid JSON, but not all of that is for Python [RT11].
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: A message as it came.
Message = dict[str, Any]

# Seconds. A heartbeat outside of the bounds is clamped; the default is for what is no number.
_LEAST_HEARTBEAT, _MOST_HEARTBEAT, _DEFAULT_HEARTBEAT = 1.0, 60.0, 30.0
# Seconds. The longest time over which a gateway asks its clients to spread their return.
_LONGEST_SPREAD = 60.0
# Seconds, whatever a gateway says: it is neither asked without a rest, nor never again.
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.1, 60.0
_LONGEST_SESSION = 256
_LARGEST_COUNT = 2**53 - 1
# Python refuses to read integers of more digits than 4,300.
_MOST_DIGITS = 4_000


@dataclass(frozen=True, slots=True)
class AgentInfo:
    """An agent that is present."""

    agent_id: str
    role: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The gateway's answer to the first message: the agent is registered, or this is a viewer."""

    connection_id: str | None
    heartbeat: float  # seconds; 0 where there is none
    max_payload: float
    present: list[AgentInfo]
    session: str | None
    resumed: bool
    received: int | None
    expires: float | None  # seconds until the token's grant ends
    tells_subscribe: bool  # whether it knows of filters, and was asked for one


def parse_message(data: str | bytes) -> Message | None:
    """The message in a frame; None for what is none."""
    if not isinstance(data, str):
        return None
    try:
        value = _parse(data)
    except (ValueError, RecursionError):
        return None
    is_message = isinstance(value, dict) and isinstance(value.get("type"), str)
    return value if is_message else None


def read_answer(message: Message) -> Answer:
    connection_id = message.get("connectionId")
    most = _amount(message.get("maxPayload"))
    session = message.get("session")
    is_session = isinstance(session, str) and 0 < len(session) <= _LONGEST_SESSION
    return Answer(
        connection_id=connection_id if isinstance(connection_id, str) else None,
        heartbeat=_heartbeat(message.get("heartbeat")),
        max_payload=most or math.inf,
        present=read_present(message),
        session=session if is_session else None,
        resumed=message.get("resumed") is True,
        received=read_received(message),
        expires=read_expires(message),
        tells_subscribe="subscribe" in message,
    )


def read_present(message: Message) -> list[AgentInfo]:
    """The agents that an answer names, the newly registered among them [REG2, REG4]."""
    agents = message.get("agents")
    others = agents if isinstance(agents, list) else []
    every = [*others, message] if message["type"] == "agent_registered" else others
    return [agent for agent in map(read_agent, every) if agent]


def read_agent(value: object) -> AgentInfo | None:
    if not isinstance(value, Mapping):
        return None
    agent_id, role = value.get("agentId"), value.get("role")
    if isinstance(agent_id, str) and isinstance(role, str):
        return AgentInfo(agent_id, role)
    return None


def read_received(message: Message) -> int | None:
    """The count that an answer or a pong carries [RES3, RES5]."""
    value = message.get("received")
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= _LARGEST_COUNT else None


def read_expires(message: Message) -> float | None:
    """Seconds until the token's grant ends; None where that is not said [AUTH4]."""
    return _amount(message.get("expires"))


def read_spread(message: Message) -> float | None:
    """Seconds over which to spread the return; None where that is not said [SH1]."""
    seconds = _amount(message.get("reconnectAfter"))
    return None if seconds is None else min(seconds, _LONGEST_SPREAD)


def read_pause(message: Message) -> float | None:
    """Seconds for which to ask for nothing; None where that is not said [SUB4]."""
    seconds = _amount(message.get("retryAfter"))
    return None if seconds is None else min(max(seconds, _SHORTEST_PAUSE), _LONGEST_PAUSE)


def read_text(value: object) -> str:
    """A text for people."""
    return value if isinstance(value, str) and value else "no reason given"


def _parse(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse)
    except ValueError:
        # Slower, and for numbers that nobody writes by mistake: most are not even JSON.
        return json.loads(text, parse_constant=_refuse, parse_int=_long_integer)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _long_integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MOST_DIGITS else float(digits)


def _heartbeat(value: object) -> float:
    seconds = _amount(value)
    if seconds is None:
        return _DEFAULT_HEARTBEAT
    return min(max(seconds, _LEAST_HEARTBEAT), _MOST_HEARTBEAT) if seconds else 0.0


def _amount(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf
