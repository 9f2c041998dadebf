"""The protocol of OriJS websockets: its socket routers and its browser client at once.

There, routers answer by ``type`` and the browser client listens by ``name`` only, so that answers
never reach it. Here an answer has both. The frames are listed in ``docs/dialects.md``.
"""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING, Any, ClassVar, cast

from velocious.errors import BadFrameError
from velocious.realtime import commands
from velocious.realtime.close_codes import Close
from velocious.realtime.dialects.base import Dialect
from velocious.realtime.dialects.json_frames import read_object, text_of
from velocious.realtime.publication import to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from velocious.realtime import outputs
    from velocious.realtime.publication import Publication

#: What the browser client sends to see whether the server is there, and hears from it.
PING, PONG = "2", "3"
JOIN, LEAVE, AUTHENTICATE = "room.join", "room.leave", "auth.authenticate"


class OriDialect(Dialect):
    """``{"type", "data"?, "correlationId"?}`` in; ``{"name", "data", "timestamp"}`` out.

    What is no message of that form goes to the application's handler of raw messages. Joining and
    leaving are confirmed where the client sent a ``correlationId``; refusals are always told.
    """

    name = "ori"
    pings = False
    dates_replies = True
    # Its client comes back after every number but 1008 and 1011, for ever.
    close_codes: ClassVar[dict[Close, int]] = {
        Close.AUTH_TIMEOUT: 1008,
        Close.AUTH_FAILED: 1008,
        Close.KICKED: 1008,
        Close.ENCRYPTION_REQUIRED: 1008,
        Close.ENCRYPTION_VIOLATED: 1008,
    }

    # Reading

    def decode(self, frame: str | bytes) -> Sequence[commands.Command]:
        if frame == PING:
            return (commands.Ping(),)
        try:
            message = read_object(frame)
        except BadFrameError:
            return (commands.Raw(frame),)
        kind = message.get("type")
        if not isinstance(kind, str) or not kind:
            return (commands.Raw(frame),)
        id = _id_of(message)
        read = _READERS.get(kind)
        if read is not None:
            return (read(_data_of(message), id),)
        return (commands.Call(kind, _body_of(message), id, frame=frame),)

    # Writing

    def event(self, alias: str, publication: Publication) -> str | bytes | None:
        if publication.json is None:
            return publication.binary
        return (
            f'{{"name":{dumps(publication.event)},"data":{publication.json},'
            f'"timestamp":{publication.epoch_ms}}}'
        )

    def ready(self, output: outputs.Ready) -> str | None:
        if not output.asked:
            return None
        data = {"socketId": output.cid, "userId": output.user}
        return _answer(AUTHENTICATE, to_json(data), output.epoch_ms, output.id)

    def subscribed(self, output: outputs.Subscribed) -> str | None:
        return None if output.id is None else _done(JOIN, output.alias, output.id)

    def unsubscribed(self, output: outputs.Unsubscribed) -> str | None:
        return None if output.id is None else _done(LEAVE, output.alias, output.id)

    def refused(self, output: outputs.Refused) -> str:
        return _error(JOIN, output.message, output.code, output.id, room=output.alias)

    def reply(self, output: outputs.Reply) -> str:
        if output.silent:
            return f'{{"type":{dumps(output.name)}{_tail(output.id)}}}'
        return _answer(output.name, to_json(output.data), output.epoch_ms, output.id)

    def failure(self, output: outputs.Failure) -> str:
        text = output.message
        if output.code == "validation_failed":
            text = f"Validation failed: {text}"
        return _error(output.name or "error", text, output.code, output.id)

    def ponged(self, output: outputs.Ponged) -> str:
        return PONG

    def resync(self, output: outputs.Resync) -> str:
        data = to_json({"room": output.alias})
        return f'{{"name":"resync","data":{data},"timestamp":{output.epoch_ms}}}'


def _tail(id: commands.RequestId) -> str:
    return "" if id is None else f',"correlationId":{to_json(id)}'


def _answer(name: str, json: str, epoch_ms: int, id: commands.RequestId) -> str:
    """Found by ``type`` where a router's client looks for it, by ``name`` in the browser's."""
    word = dumps(name)
    return f'{{"type":{word},"name":{word},"data":{json},"timestamp":{epoch_ms}{_tail(id)}}}'


def _done(kind: str, room: str, id: commands.RequestId) -> str:
    return f'{{"type":{dumps(kind)},"data":{to_json({"room": room})}{_tail(id)}}}'


def _error(kind: str, text: str, code: str, id: commands.RequestId, **more: Any) -> str:
    # Without a name: handlers of the browser's client never get the nothing that is in here.
    body = to_json({"type": kind, "data": None, "error": text, "code": code, **more})
    return body[:-1] + _tail(id) + "}"


def _id_of(message: dict[str, Any]) -> str | None:
    value = message.get("correlationId")
    if value is None or (isinstance(value, str) and len(value) <= 200):
        return value
    raise BadFrameError("`correlationId` is a text of 200 characters at most.")


def _body_of(message: dict[str, Any]) -> Any:
    """``data``; or what stands beside the type, which is how the browser's client writes it."""
    if "data" in message:
        return message["data"]
    return {key: value for key, value in message.items() if key not in ("type", "correlationId")}


def _data_of(message: dict[str, Any]) -> dict[str, Any]:
    data = _body_of(message)
    if not isinstance(data, dict):
        raise BadFrameError("`data` is an object.")
    return cast("dict[str, Any]", data)


def _join(data: dict[str, Any], id: str | None) -> commands.Command:
    return commands.Subscribe(text_of(data, "room") or "", id)


def _leave(data: dict[str, Any], id: str | None) -> commands.Command:
    return commands.Unsubscribe(text_of(data, "room") or "", id)


_READERS: dict[str, Callable[[dict[str, Any], str | None], commands.Command]] = {
    JOIN: _join,
    LEAVE: _leave,
    AUTHENTICATE: commands.Authenticate,
    "heartbeat": lambda data, id: commands.Ping(id),
}
