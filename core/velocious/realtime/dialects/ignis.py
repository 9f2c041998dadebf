"""The websocket protocol of ``@venizia/ignis``. The frames are listed in ``docs/dialects.md``."""

from __future__ import annotations

from datetime import UTC, datetime
from json import dumps
from typing import TYPE_CHECKING, Any, ClassVar, cast

from velocious.errors import BadFrameError
from velocious.realtime import commands
from velocious.realtime.close_codes import Close
from velocious.realtime.dialects.base import Dialect
from velocious.realtime.dialects.json_frames import id_of, read_object
from velocious.realtime.publication import to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from velocious.realtime import outputs
    from velocious.realtime.publication import Publication

#: What the server says, or the protocol keeps for itself: no message of a client.
_OF_THE_SERVER = frozenset({"connected", "disconnect", "encrypted", "error"})
#: Rooms that one message may name.
MOST_ROOMS = 100
_UNREADABLE = "Invalid message format"


class IgnisDialect(Dialect):
    """``{"event", "data"?, "id"?}`` both ways; what is said in a room does not name the room."""

    name = "ignis"
    loose_names = True
    # Rooms that the application did not declare are closed, as they are there.
    open_channels = False
    pings = False
    close_codes: ClassVar[dict[Close, int]] = {Close.REFUSED: 4003}

    # Reading

    def decode(self, frame: str | bytes) -> Sequence[commands.Command]:
        message = _read(frame)
        event = message.get("event")
        if not isinstance(event, str) or not event or event in _OF_THE_SERVER:
            return ()
        read = _READERS.get(event)
        if read is not None:
            return read(_data_of(message), message)
        return (commands.Call(event, message.get("data"), id_of(message), frame=frame),)

    # Writing

    def event(self, alias: str, publication: Publication) -> str | bytes | None:
        if publication.json is None:
            return publication.binary
        return f'{{"event":{dumps(publication.event)},"data":{publication.json}}}'

    def ready(self, output: outputs.Ready) -> str:
        data: dict[str, Any] = {"id": output.cid}
        if output.user is not None:
            data["userId"] = output.user
        data["time"] = _instant(output.epoch_ms)
        return _frame("connected", {**data, **output.extra})

    def refused(self, output: outputs.Refused) -> str:
        data = {"message": output.message, "room": output.alias, "code": output.code}
        return _frame("error", data)

    def reply(self, output: outputs.Reply) -> str | None:
        if output.silent and output.id is None:
            return None
        return _frame(output.name, output.data, output.id)

    def failure(self, output: outputs.Failure) -> str | None:
        # Leaving a room where one is not has no answer there.
        if output.code == "not_subscribed":
            return None
        text = _UNREADABLE if output.code == "bad_frame" else output.message
        return _frame("error", {"message": text}, output.id)

    def resync(self, output: outputs.Resync) -> str:
        return _frame("resync", {"room": output.alias})


def _frame(event: str, data: Any, id: commands.RequestId = None) -> str:
    tail = "" if id is None else f',"id":{to_json(id)}'
    return f'{{"event":{dumps(event)},"data":{to_json(data)}{tail}}}'


def _instant(epoch_ms: int) -> str:
    text = datetime.fromtimestamp(epoch_ms / 1000, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def _read(frame: str | bytes) -> dict[str, Any]:
    if isinstance(frame, bytes):
        # That protocol reads binary frames as text.
        try:
            frame = frame.decode()
        except UnicodeDecodeError as error:
            raise BadFrameError(_UNREADABLE) from error
    return read_object(frame)


def _data_of(message: dict[str, Any]) -> dict[str, Any]:
    data = message.get("data")
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise BadFrameError("`data` is an object.")
    return cast("dict[str, Any]", data)


def _rooms(data: dict[str, Any]) -> list[str]:
    """The rooms that a message names; what cannot be a room's name is passed over, as it is there.

    Raises:
        BadFrameError: it is no list, or a very long one.
    """
    rooms: Any = data.get("rooms")
    if not isinstance(rooms, list) or len(cast("list[Any]", rooms)) > MOST_ROOMS:
        raise BadFrameError(f"`rooms` is a list of {MOST_ROOMS} names at most.")
    return [room for room in cast("list[Any]", rooms) if isinstance(room, str) and room]


def _join(data: dict[str, Any], message: dict[str, Any]) -> Sequence[commands.Command]:
    return [commands.Subscribe(room) for room in _rooms(data) if not room.startswith("ws:")]


def _leave(data: dict[str, Any], message: dict[str, Any]) -> Sequence[commands.Command]:
    return [commands.Unsubscribe(room) for room in _rooms(data)]


_READERS: dict[str, Callable[[dict[str, Any], dict[str, Any]], Sequence[commands.Command]]] = {
    "authenticate": lambda data, message: (commands.Authenticate(data, id_of(message)),),
    "join": _join,
    "leave": _leave,
    "heartbeat": lambda data, message: (commands.Ping(),),
}
