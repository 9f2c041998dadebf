"""Pusher's protocol, version 7: what pusher-js and its relatives speak.

``data`` of what the server sends is JSON in a text, as that protocol has it. The frames are listed
in ``docs/dialects.md``.
"""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING, Any, ClassVar, cast

from velocious.errors import BadFrameError
from velocious.realtime import commands
from velocious.realtime.close_codes import Close
from velocious.realtime.dialects.base import Dialect, Objection
from velocious.realtime.dialects.json_frames import read_json, read_object, text_of
from velocious.realtime.names import check_not_encrypted
from velocious.realtime.presence import Change
from velocious.realtime.publication import Audience, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from velocious.realtime import outputs
    from velocious.realtime.presence import Member
    from velocious.realtime.publication import Publication
    from velocious.realtime.upgrade import Upgrade

#: How the names of events begin that clients may send to each other.
CLIENT = "client-"
_PROTOCOL = ("pusher:", "pusher_internal:")
#: Versions whose clients understand what is said here: each added to the one before.
PROTOCOLS = ("5", "6", "7")
#: Bytes of data that an event of a client may have there.
EVENT_LIMIT = 10 * 1024
#: Numbers of that protocol for failures of ours: an event that is not taken, nobody who may.
_REJECTED, _UNAUTHORIZED = 4301, 4009
#: Failures that are about one event of a client.
_REJECTIONS = ("rate_limited", "event_too_big")


class PusherDialect(Dialect):
    """``{"event": …, "channel": …, "data": …}`` both ways."""

    name = "pusher"
    # What the server publishes is bounded by its own limit: these clients read events of any size.
    client_event_limit = EVENT_LIMIT

    # 4000-4099: never come back; 4100-4199: in a second; 4200-4299: at once. Nothing that lasts may
    # be said in the last range: the clients would be back thirty times a second.
    close_codes: ClassVar[dict[Close, int]] = {
        Close.SHUTDOWN: 4100,
        Close.RESTART: 4100,
        Close.OVER_CAPACITY: 4100,
        Close.INTERNAL: 4100,
        Close.TOO_SLOW: 4100,
        Close.RATE_LIMIT: 4100,
        Close.HEARTBEAT_LOST: 4201,
        Close.REFUSED: _UNAUTHORIZED,
        Close.AUTH_TIMEOUT: _UNAUTHORIZED,
        Close.AUTH_FAILED: _UNAUTHORIZED,
        Close.KICKED: _UNAUTHORIZED,
        Close.ENCRYPTION_REQUIRED: _UNAUTHORIZED,
        Close.ENCRYPTION_VIOLATED: _UNAUTHORIZED,
        Close.TOO_BIG: 4300,
    }

    def connection_id(self, random: bytes) -> str:
        half = len(random) // 2
        return f"{int.from_bytes(random[:half])}.{int.from_bytes(random[half:])}"

    def objection(self, upgrade: Upgrade) -> Objection | None:
        given = upgrade.query.get("protocol")
        if given in PROTOCOLS:
            return None
        known = f"protocol={PROTOCOLS[-1]}"
        if given is None:
            return _objection(4008, f"No protocol version supplied: ask with `{known}`.")
        if not (given.isascii() and given.isdecimal()):
            return _objection(4006, f"Invalid version string format: ask with `{known}`.")
        return _objection(4007, f"Unsupported protocol version: ask with `{known}`.")

    def check_channel(self, name: str) -> str:
        return check_not_encrypted(name)

    # Reading

    def decode(self, frame: str | bytes) -> Sequence[commands.Command]:
        message = read_object(frame)
        event = text_of(message, "event") or ""
        read = _READERS.get(event)
        if read is not None:
            return (read(_data_of(message)),)
        if event.startswith(_PROTOCOL):
            raise BadFrameError(f"There is no event like that; known: {', '.join(_READERS)}.")
        channel = text_of(message, "channel", required=False)
        if channel is None:
            return (commands.Call(event, message.get("data")),)
        if not event.startswith(CLIENT):
            raise BadFrameError(f"Events of clients begin with `{CLIENT}`.")
        return (commands.ClientEvent(channel, event, message.get("data")),)

    # Writing

    def event(self, alias: str, publication: Publication) -> str | None:
        if publication.json is None:
            return None
        if publication.inner:
            return _member_event(alias, publication)
        head = f'{{"event":{dumps(publication.event)}'
        if publication.audience is Audience.CHANNEL:
            head += f',"channel":{dumps(alias)}'
        if publication.member is not None:
            head += f',"user_id":{dumps(publication.member)}'
        return f'{head},"data":{dumps(publication.json)}}}'

    def hello(self, output: outputs.Hello) -> str:
        seconds = max(output.heartbeat // 1000, 1)
        data = {"socket_id": output.cid, "activity_timeout": seconds}
        return _frame("pusher:connection_established", data)

    def ready(self, output: outputs.Ready) -> str | None:
        if not output.asked or output.user is None:
            return None
        return _frame("pusher:signin_success", {"user_data": to_json({"id": output.user})})

    def subscribed(self, output: outputs.Subscribed) -> str:
        data = {} if output.members is None else {"presence": _presence(output.members)}
        return _frame("pusher_internal:subscription_succeeded", data, output.alias)

    def refused(self, output: outputs.Refused) -> str:
        kind = "AuthError" if output.status in (401, 403) else output.code
        data = {"type": kind, "error": output.message, "status": output.status}
        return _frame("pusher:subscription_error", data, output.alias)

    def reply(self, output: outputs.Reply) -> str | None:
        return None if output.silent else _frame(output.name, output.data)

    def failure(self, output: outputs.Failure) -> str:
        number = _REJECTED if output.code in _REJECTIONS else None
        data = {"code": number, "message": output.message, "reason": output.code}
        return _frame("pusher:error", data, output.channel)

    def pinged(self, output: outputs.Pinged) -> str:
        return _frame("pusher:ping", {})

    def ponged(self, output: outputs.Ponged) -> str:
        return _frame("pusher:pong", {})

    def resync(self, output: outputs.Resync) -> str:
        return _frame("resync", {"pos": output.position}, output.alias)

    def bye(self, output: outputs.Bye) -> str:
        data = {"code": self.close_code(output.close), "message": output.reason}
        return _frame("pusher:error", data)


def _objection(code: int, reason: str) -> Objection:
    return Objection(code, reason, [_frame("pusher:error", {"code": code, "message": reason})])


def _frame(event: str, data: Any, channel: str | None = None) -> str:
    place = "" if channel is None else f',"channel":{dumps(channel)}'
    return f'{{"event":{dumps(event)}{place},"data":{dumps(to_json(data))}}}'


def _presence(members: Sequence[Member]) -> dict[str, Any]:
    return {
        "count": len(members),
        "ids": [member.id for member in members],
        "hash": {member.id: member.info for member in members},
    }


def _member_event(alias: str, publication: Publication) -> str | None:
    member = publication.data
    if publication.event == Change.ADDED:
        data = {"user_id": member["id"], "user_info": member.get("info")}
        return _frame("pusher_internal:member_added", data, alias)
    if publication.event == Change.REMOVED:
        return _frame("pusher_internal:member_removed", {"user_id": member["id"]}, alias)
    # That protocol has no word for a member that has changed; "added" would be heard as a new one.
    return None


def _data_of(message: dict[str, Any]) -> dict[str, Any]:
    """``data`` of an event of the protocol: an object, or one in a text."""
    data = message.get("data")
    if isinstance(data, str):
        data = read_json(data)
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise BadFrameError("`data` is an object.")
    return cast("dict[str, Any]", data)


def _subscribe(data: dict[str, Any]) -> commands.Command:
    return commands.Subscribe(
        text_of(data, "channel") or "",
        token=text_of(data, "auth", required=False) or None,
        member=text_of(data, "channel_data", required=False),
    )


def _unsubscribe(data: dict[str, Any]) -> commands.Command:
    return commands.Unsubscribe(text_of(data, "channel") or "")


_READERS: dict[str, Callable[[dict[str, Any]], commands.Command]] = {
    "pusher:subscribe": _subscribe,
    "pusher:unsubscribe": _unsubscribe,
    "pusher:ping": lambda data: commands.Ping(),
    "pusher:pong": lambda data: commands.Pong(),
    "pusher:signin": commands.Authenticate,
}
