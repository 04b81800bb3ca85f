"""What a client was told, with everything decided."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

from ._credentials import TokenSource


@dataclass(frozen=True, slots=True)
class Settings:
    url: str
    agent_id: str | None
    role: str | None
    token: TokenSource | None
    tls: ssl.SSLContext | None
    backoff: tuple[float, float]
    connect_timeout: float
