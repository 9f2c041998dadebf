"""The protocol of ``@veloxts/events``. The frames are listed in ``docs/dialects.md``."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING, Any, ClassVar

from velocious.errors import BadFrameError
from velocious.realtime import commands
from velocious.realtime.close_codes import Close
from velocious.realtime.dialects.base import Dialect
from velocious.realtime.dialects.json_frames import read_object, text_of, typed_frame
from velocious.realtime.presence import Change
from velocious.realtime.publication import Audience, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from velocious.realtime import outputs
    from velocious.realtime.presence import Member
    from velocious.realtime.publication import Publication


class VeloxDialect(Dialect):
    """``{"type": …}`` both ways; events are ``{"type": "event", "channel", "event", "data"}``."""

    name = "velox"
    loose_names = True
    pings = False
    # Its clients need not speak: the server's own pings find out who has gone.
    mortal = False
    close_codes: ClassVar[dict[Close, int]] = {Close.SHUTDOWN: 1000}

    # Reading

    def decode(self, frame: str | bytes) -> Sequence[commands.Command]:
        message = read_object(frame)
        kind = message.get("type")
        read = _READERS.get(kind) if isinstance(kind, str) else None
        if read is None:
            raise BadFrameError(f"There is no `type` like that; known: {', '.join(_READERS)}.")
        return (read(message),)

    # Writing

    def event(self, alias: str, publication: Publication) -> str | None:
        if publication.json is None:
            return None
        place = alias if publication.audience is Audience.CHANNEL else None
        event = publication.event
        if publication.inner:
            event = _CHANGES[Change(event)]
        return _event(place, event, publication.json)

    def hello(self, output: outputs.Hello) -> str:
        return _event(None, "connected", to_json({"socketId": output.cid}))

    def subscribed(self, output: outputs.Subscribed) -> str:
        members = output.members
        data = None if members is None else {"members": [_shown(one) for one in members]}
        return typed_frame("subscription_succeeded", channel=output.alias, data=data)

    def refused(self, output: outputs.Refused) -> str:
        return typed_frame(
            "subscription_error",
            channel=output.alias,
            error=output.message,
            code=output.code,
            status=output.status,
        )

    def reply(self, output: outputs.Reply) -> str | None:
        return None if output.silent else _event(None, output.name, to_json(output.data))

    def failure(self, output: outputs.Failure) -> str:
        is_unread = output.code == "bad_frame"
        text = "Invalid message format" if is_unread else output.message
        return typed_frame("error", error=text, code=output.code, channel=output.channel)

    def ponged(self, output: outputs.Ponged) -> str:
        return '{"type":"pong"}'

    def resync(self, output: outputs.Resync) -> str:
        return _event(output.alias, "resync", to_json({"pos": output.position}))


_CHANGES = {
    Change.ADDED: "member_added",
    Change.REMOVED: "member_removed",
    Change.UPDATED: "member_updated",
}


def _event(channel: str | None, event: str, json: str) -> str:
    place = "" if channel is None else f'"channel":{dumps(channel)},'
    return f'{{"type":"event",{place}"event":{dumps(event)},"data":{json}}}'


def _shown(member: Member) -> dict[str, Any]:
    return {"id": member.id} if member.info is None else {"id": member.id, "info": member.info}


def _subscribe(message: dict[str, Any]) -> commands.Command:
    # `data` is what the client says about itself: who it is there is signed, or known already.
    key = "channelData" if "channelData" in message else "channel_data"
    return commands.Subscribe(
        text_of(message, "channel") or "",
        token=text_of(message, "auth", required=False) or None,
        member=text_of(message, key, required=False),
    )


def _unsubscribe(message: dict[str, Any]) -> commands.Command:
    return commands.Unsubscribe(text_of(message, "channel") or "")


def _tell(message: dict[str, Any]) -> commands.Command:
    return commands.ClientEvent(
        text_of(message, "channel") or "", text_of(message, "event") or "", message.get("data")
    )


_READERS: dict[str, Callable[[dict[str, Any]], commands.Command]] = {
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    "message": _tell,
    "ping": lambda message: commands.Ping(),
}
