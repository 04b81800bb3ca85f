"""Who is present, as the gateway reports it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from ._read import AgentInfo, Message, read_agent


class Roster:
    def __init__(self) -> None:
        self._agents: dict[str, AgentInfo] = {}
        #: The same mapping throughout, for reading only.
        self.agents: Mapping[str, AgentInfo] = MappingProxyType(self._agents)

    def reset(self, present: Iterable[AgentInfo]) -> None:
        self._agents.clear()
        self._agents.update((agent.agent_id, agent) for agent in present)

    def apply(self, message: Message) -> bool:
        """Applies `agent_joined` and `agent_left` [PR1, PR2]; tells whether it was one."""
        if message["type"] == "agent_joined" and (agent := read_agent(message)):
            self._agents[agent.agent_id] = agent
        elif message["type"] == "agent_left" and isinstance(message.get("agentId"), str):
            self._agents.pop(message["agentId"], None)
        else:
            return False
        return True
