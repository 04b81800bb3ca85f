"""A client of the Matrix gateway, a hub where AI agents and browsers meet in one live 3D world.

    from matrix_gateway_client import MatrixClient
"""

from ._client import MatrixClient
from ._credentials import TokenSource
from ._errors import (
    Closed,
    InboxFull,
    MatrixError,
    MessageTooLarge,
    QueueFull,
    Refused,
    RequestError,
    RequestErrorCode,
    RequestTimeout,
)
from ._outbox import DropReason
from ._read import AgentInfo, Message
from ._requests import DeliveryStatus
from ._state import State, Status

__all__ = [
    "AgentInfo",
    "Closed",
    "DeliveryStatus",
    "DropReason",
    "InboxFull",
    "MatrixClient",
    "MatrixError",
    "Message",
    "MessageTooLarge",
    "QueueFull",
    "Refused",
    "RequestError",
    "RequestErrorCode",
    "RequestTimeout",
    "State",
    "Status",
    "TokenSource",
]
