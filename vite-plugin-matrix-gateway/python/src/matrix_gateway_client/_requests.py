"""The messages whose sender waits for an answer or a receipt."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from typing import Any, Literal

from ._errors import RequestError, RequestErrorCode, RequestTimeout
from ._outbox import Outbox
from ._read import Message, read_text

#: What became of a message in the end.
DeliveryStatus = Literal["delivered", "offline", "dropped"]

# What a message means for the request that it names: its result, why there is none, or nothing yet.
_Judge = Callable[[Message], "Message | str | RequestError | None"]

_RECEIPT, _ERROR = "gateway_receipt", "gateway_error"


class Requests:
    """Pairs `reply_to` with `in_reply_to`, two fields that the gateway passes through, and
    `receipt` with the gateway's answer to it [RCPT]."""

    def __init__(self, outbox: Outbox, agent_id: str | None) -> None:
        self._outbox = outbox
        self._agent_id = agent_id
        self._waiting: dict[str, tuple[_Judge, asyncio.Future[Any]]] = {}
        # Tells these requests from those of another client of the same name; no secret.
        self._prefix = secrets.token_hex(4)
        self._count = 0

    async def ask(
        self, target: str, message: Mapping[str, Any], timeout: float | None
    ) -> Message:
        """Sends a message that asks for an answer, and waits for that."""
        receipt = self._name()
        envelope = {"target_id": target, "receipt": receipt, "reply_to": receipt}
        answer: Message = await self._wait(
            {**self._with_sender(message), **envelope}, timeout, _judge_request
        )
        return answer

    async def deliver(
        self, target: str, message: Mapping[str, Any], timeout: float | None
    ) -> DeliveryStatus:
        """Sends a message and waits for its receipt."""
        envelope = {"target_id": target, "receipt": self._name()}
        status: DeliveryStatus = await self._wait(
            {**message, **envelope}, timeout, _judge_delivery
        )
        return status

    def handle(self, name: str, message: Message) -> None:
        """Handles an answer, a receipt or an error for the request of that name."""
        judge, future = self._waiting.get(name, (None, None))
        if not judge or not future or future.done():
            return
        verdict = _refusal(message) if message["type"] == _ERROR else judge(message)
        if isinstance(verdict, RequestError):
            future.set_exception(verdict)
        elif verdict is not None:
            future.set_result(verdict)

    def close(self, code: RequestErrorCode, reason: str) -> None:
        """Ends everything that waits."""
        for _, future in self._waiting.values():
            if not future.done():
                future.set_exception(RequestError(code, reason))

    async def _wait(
        self, message: Mapping[str, Any], timeout: float | None, judge: _Judge
    ) -> Any:
        name = message["receipt"]
        future = asyncio.get_running_loop().create_future()
        self._waiting[name] = judge, future
        try:
            entry = self._outbox.put(message)
            try:
                async with asyncio.timeout(timeout):
                    return await future
            except TimeoutError as error:
                raise RequestTimeout(timeout) from error
            finally:
                self._outbox.withdraw(entry)
        finally:
            del self._waiting[name]

    def _name(self) -> str:
        self._count += 1
        return f"{self._prefix}-{self._count}"

    def _with_sender(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """The message with its sender, to whom the answer goes."""
        if message.get("agentId") or message.get("agent_id"):
            return message
        if self._agent_id is None:
            raise TypeError("a viewer cannot make requests: it has no `agent_id`")
        return {**message, "agentId": self._agent_id}


def to_answered(message: Message) -> str | None:
    """The name of the request that a message answers, if it is one: a receipt, an error for a
    receipt, or a peer's answer."""
    field = {_RECEIPT: "id", _ERROR: "receipt"}.get(message["type"], "in_reply_to")
    name = message.get(field)
    return name if isinstance(name, str) else None


def to_reply(message: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any] | None:
    """The reply to a message: addressed to its sender, with the message's `reply_to`.

    None where the message lacks either, since any peer can send such a message.
    """
    target = message.get("agentId") or message.get("agent_id")
    reply_to = message.get("reply_to")
    if not isinstance(target, str) or not target or not isinstance(reply_to, str):
        return None
    return {**body, "target_id": target, "in_reply_to": reply_to}


def _refusal(message: Message) -> RequestError:
    text = f"{read_text(message.get('code'))}: {read_text(message.get('message'))}"
    return RequestError("refused", text)


def _judge_request(message: Message) -> Message | RequestError | None:
    """A request fails if its message was not delivered; a receipt for it is not yet an answer."""
    if message["type"] != _RECEIPT:
        return message
    target = read_text(message.get("target_id"))
    if message.get("status") == "offline":
        return RequestError("target_offline", f'"{target}" is not there')
    if message.get("status") == "dropped":
        return RequestError("dropped", f'"{target}" did not come back')
    return None


def _judge_delivery(message: Message) -> str | None:
    """Ignores statuses that it does not know [RT10]."""
    status = message.get("status")
    is_final = message["type"] == _RECEIPT and status in ("delivered", "offline", "dropped")
    return str(status) if is_final else None
