"""``POST …/auth``: signs for channels, as clients of Pusher's protocol and others ask for it.

Law: one answer for all reasons to refuse a channel; what is wrong in the request itself is named.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import Fault, MissingSecretError
from velocious.realtime.granting import asker, check_socket, grant
from velocious.realtime.names import check_not_encrypted

if TYPE_CHECKING:
    from velocious.realtime.connection import Connection
    from velocious.realtime.presence import Member
    from velocious.routing.realtime.asked import Asked

logger = logging.getLogger("velocious.realtime")


async def authorize(asked: Asked) -> None:
    """Answer with a signature for one channel, or with one for each of a list."""
    asked.check_page()
    words = _Words(await asked.body())
    problems = words.problems(asked.engine.settings.channels)
    if problems:
        await asked.answer(400, {"error": "Validation failed", "details": problems})
        return
    try:
        asking = await asker(asked.engine, asked.upgrade, check_socket(words.socket))
    except Fault as fault:
        await asked.answer(fault.status, {"error": str(fault)})
        return
    channel: str | list[str] = words.channel
    if isinstance(channel, str):
        await asked.answer(*await _signed(asking, channel, words))
        return
    answers: dict[str, Any] = {}
    for name in channel:
        status, found = await _signed(asking, name, words)
        answers[name] = {"status": status, **(found if "error" in found else {"data": found})}
    await asked.answer(200, answers)


class _Words:
    """What a body says, in the words of one protocol or the other."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.is_classic = "socket_id" in body or "channel_name" in body
        self._names = ("socket_id", "channel_name") if self.is_classic else ("socketId", "channel")
        self.socket: Any = body.get(self._names[0])
        channel: Any = body.get(self._names[1])
        if channel is None and not self.is_classic:
            channel = body.get("channels")
        if isinstance(channel, dict):
            # A form numbers its list: channel_name[0]=…&channel_name[1]=…
            channel = [*cast("dict[str, Any]", channel).values()]
        self.channel: Any = cast("Any", channel)
        self.is_batch = isinstance(channel, list)

    def problems(self, most: int) -> list[dict[str, str]]:
        """What is wrong, and where."""
        found: list[dict[str, str]] = []
        if not (isinstance(self.socket, str) and self.socket):
            found.append({"path": self._names[0], "message": "Required"})
        if not self.channel:
            found.append({"path": self._names[1], "message": "Required"})
        elif self.is_batch:
            names = cast("list[Any]", self.channel)
            if len(names) > most or not all(isinstance(one, str) and one for one in names):
                message = f"Must be a list of {most} names at most"
                found.append({"path": self._names[1], "message": message})
        elif not isinstance(self.channel, str):
            found.append({"path": self._names[1], "message": "Must be a text"})
        return found

    def shown(self, member: Member) -> dict[str, Any]:
        """A member in the words of the protocol."""
        id, info = ("user_id", "user_info") if self.is_classic else ("id", "info")
        return {id: member.id} if member.info is None else {id: member.id, info: member.info}


async def _signed(asking: Connection, name: str, words: _Words) -> tuple[int, dict[str, Any]]:
    """Status and answer for the channel *name*."""
    try:
        if words.is_classic:
            check_not_encrypted(name)
        found = await grant(asking, name, {}, words.shown)
    except MissingSecretError:
        logger.exception("Nothing can be signed for channels")
        return 500, {"error": "Channel authorization is not configured"}
    except Fault as fault:
        return fault.status, {"error": str(fault)}
    except Exception:
        asking.engine.log_failure(asking, f"Authorizing {name!r}")
        return 500, {"error": "Internal error"}
    if found.data is None:
        return 200, {"auth": found.auth}
    return 200, {"auth": found.auth, "channel_data": found.data}
