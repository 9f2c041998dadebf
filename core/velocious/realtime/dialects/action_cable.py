"""The protocol of Rails' ActionCable, ``actioncable-v1-json``.

A subscription is known by its identifier, which is JSON in a text: ``{"channel": "BoardChannel",
"id": 1}`` is the channel of that class whose pattern has an ``id``. The frames are listed in
``docs/dialects.md``.
"""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from velocious.errors import BadFrameError
from velocious.realtime import commands
from velocious.realtime.close_codes import Close
from velocious.realtime.dialects.base import Dialect
from velocious.realtime.dialects.class_names import ClassNames
from velocious.realtime.dialects.json_frames import read_json, read_object, text_of
from velocious.realtime.publication import Audience, to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from velocious.realtime import outputs
    from velocious.realtime.channel import Channel
    from velocious.realtime.publication import Publication

#: An event of this name is its data alone: ``received(data)``. Others come as event and data.
BARE = "message"
#: How the names of actions begin that go to the other clients in the channel.
CLIENT = "client-"


class ActionCableDialect(Dialect):
    """``{"command": …, "identifier": …}`` in, ``{"identifier": …, "message": …}`` out.

    Arguments:
        channels: classes that clients may name; other names are those of channels themselves.
    """

    name = "actioncable"
    subprotocols = ("actioncable-v1-json",)
    pings = False
    # Its clients say nothing for hours; they take a server for gone that is silent for six seconds.
    mortal = False
    beat: ClassVar[float | None] = 3.0

    def __init__(self, channels: Iterable[type[Channel]] = ()) -> None:
        self._names = ClassNames(channels)

    @classmethod
    def for_channels(cls, channels: Iterable[type[Channel]]) -> Self:
        return cls(channels)

    # Reading

    def decode(self, frame: str | bytes) -> Sequence[commands.Command]:
        message = read_object(frame)
        command = text_of(message, "command")
        identifier = text_of(message, "identifier") or ""
        if command == "subscribe":
            return (self._subscribe(identifier),)
        if command == "unsubscribe":
            return (commands.Unsubscribe(identifier, alias=identifier),)
        if command == "message":
            return (_performed(identifier, message),)
        raise BadFrameError("`command` is `subscribe`, `unsubscribe` or `message`.")

    def _subscribe(self, identifier: str) -> commands.Command:
        params = _object(identifier)
        word = text_of(params, "channel") or ""
        del params["channel"]
        channel = self._names.channel(word, params)
        return commands.Subscribe(channel, alias=identifier, params=params)

    # Writing

    def event(self, alias: str, publication: Publication) -> str | None:
        if publication.json is None or publication.audience is not Audience.CHANNEL:
            return None
        return _message(alias, publication.event, publication.json)

    def alias_of(self, channel: str) -> str:
        # The identifier of those who subscribe to a channel by its own name.
        return to_json({"channel": channel})

    def hello(self, output: outputs.Hello) -> str:
        return '{"type":"welcome"}'

    def subscribed(self, output: outputs.Subscribed) -> Sequence[str]:
        confirmed = f'{{"identifier":{dumps(output.alias)},"type":"confirm_subscription"}}'
        if output.members is None:
            return (confirmed,)
        members = [{"id": member.id, "info": member.info} for member in output.members]
        return confirmed, _message(output.alias, "members", to_json(members))

    def refused(self, output: outputs.Refused) -> str:
        return f'{{"identifier":{dumps(output.alias)},"type":"reject_subscription"}}'

    def reply(self, output: outputs.Reply) -> str | None:
        if output.channel is None or output.silent:
            return None
        return _message(output.channel, output.name, to_json(output.data))

    def failure(self, output: outputs.Failure) -> str | None:
        if output.channel is None:
            return None
        data = {"code": output.code, "message": output.message, "status": output.status}
        return _message(output.channel, "error", to_json(data))

    def pinged(self, output: outputs.Pinged) -> str:
        return f'{{"type":"ping","message":{output.epoch_ms // 1000}}}'

    def resync(self, output: outputs.Resync) -> str:
        return _message(output.alias, "resync", to_json({"pos": output.position}))

    def bye(self, output: outputs.Bye) -> str:
        reason = _REASONS.get(output.close, output.close.name.lower())
        back = "true" if output.close.reconnect else "false"
        return f'{{"type":"disconnect","reason":{dumps(reason)},"reconnect":{back}}}'


_REASONS = {
    Close.SHUTDOWN: "server_restart",
    Close.RESTART: "server_restart",
    Close.REFUSED: "unauthorized",
    Close.AUTH_TIMEOUT: "unauthorized",
    Close.AUTH_FAILED: "unauthorized",
    Close.KICKED: "remote",
    Close.TOO_BIG: "invalid_request",
}


def _message(identifier: str, event: str, json: str) -> str:
    body = json if event == BARE else f'{{"event":{dumps(event)},"data":{json}}}'
    return f'{{"identifier":{dumps(identifier)},"message":{body}}}'


def _object(text: str) -> dict[str, Any]:
    value = read_json(text)
    if not isinstance(value, dict):
        raise BadFrameError("That is no JSON object in a text.")
    return cast("dict[str, Any]", value)


def _performed(identifier: str, message: dict[str, Any]) -> commands.Command:
    """``perform(action, data)``: what the client wants of the channel, or tells the others."""
    data = _object(text_of(message, "data") or "")
    action = text_of(data, "action", required=False) or BARE
    data.pop("action", None)
    if action.startswith(CLIENT):
        return commands.ClientEvent(identifier, action, data)
    return commands.Call(action, data, channel=identifier)
