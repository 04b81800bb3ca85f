"""The client's side of the session that the gateway keeps for it [RES]."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ._read import Answer
from ._state import Beginning

# Both sides leave out these types [RES2].
_NOT_COUNTED = frozenset({"ping", "pong", "auth_refresh", "gateway_auth"})


def is_counted(kind: object) -> bool:
    return kind not in _NOT_COUNTED if isinstance(kind, str) else True


class Session:
    """A session; where it is not wanted it asks the gateway for nothing.

    `may_have` tells whether the gateway can have received so many of the client's messages.
    """

    def __init__(self, is_wanted: bool, may_have: Callable[[int | None], bool]) -> None:
        #: The gateway's secret; None where there is no session to resume.
        self.secret: str | None = None
        self._is_wanted = is_wanted
        self._may_have = may_have
        self._received = 0
        self._is_returning = False

    def to_request(self) -> bool | dict[str, Any]:
        """What `agent_register` says as `resume` [RES1, RES3]."""
        if self.secret is None:
            return self._is_wanted
        return {"session": self.secret, "received": self._received}

    def begin(self, answer: Answer) -> Beginning | None:
        """Reads the gateway's answer; messages after it are counted.

        None where the answer resumes with an impossible count: then the session is over, and so
        is the connection.
        """
        is_resumed = self.secret is not None and answer.resumed
        if is_resumed and not self._may_have(answer.received):
            self.secret = None
            return None
        beginning: Beginning = "lost" if self._is_returning else "new"
        if not is_resumed:
            self._received = 0
        self.secret = answer.session if self._is_wanted else None
        self._is_returning = True
        return "resumed" if is_resumed else beginning

    def count(self, kind: object) -> None:
        """Counts a message that came, whatever it was [RES2]."""
        if is_counted(kind):
            self._received += 1

    def to_ping(self) -> str:
        """A `ping`, which tells the gateway what it need no longer keep [RES5]."""
        received = {} if self.secret is None else {"received": self._received}
        return json.dumps({"type": "ping", **received})
