"""Where a client connects to, and how it shows its token."""

from __future__ import annotations

import base64
import re
from urllib.parse import urlsplit, urlunsplit

DEFAULT_WORLD = "default"

_SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
_WORLD = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")


def to_socket_url(url: str, world: str = DEFAULT_WORLD) -> str:
    """The address of a world [WLD1]. The address itself is in no error: a token may be in it."""
    parts = urlsplit(url)
    scheme = _SCHEMES.get(parts.scheme)
    # Reading the port raises where that is none.
    if scheme is None or not parts.hostname or parts.port == 0:
        raise ValueError("`url` is no ws:, wss:, http: or https: address")
    if not _WORLD.fullmatch(world):
        raise ValueError(
            f"{world!r} is not the name of a world: expected 1-64 of a-z, 0-9, dot, underscore"
            " and hyphen, a letter or a digit first and last"
        )
    below = "" if world == DEFAULT_WORLD else f"/{world}"
    path = parts.path.removesuffix("/") + below if below else parts.path
    return urlunsplit((scheme, parts.netloc, path, parts.query, ""))


def to_subprotocols(token: str | None) -> list[str] | None:
    """The subprotocols that carry a token, so that it is in no address, and so in no log [CON2]."""
    if not token:
        return None
    encoded = base64.urlsafe_b64encode(token.encode()).decode().rstrip("=")
    return ["matrix.v1", "matrix.token." + encoded]


def is_this_machine(url: str) -> bool:
    return urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")
