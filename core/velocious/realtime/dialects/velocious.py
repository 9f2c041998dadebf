"""The protocol of velocious for JavaScript: requests, channels and connections in one socket.

Its clients know three kinds of listening: to a channel by its name (``subscribe``), to a class of
channels (``channel-subscribe``), and a conversation with the server (``connection-open``). Here all
of them are subscriptions; the first letter of an alias tells which kind. The frames are listed in
``docs/dialects.md``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from json import dumps
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from velocious.errors import BadFrameError
from velocious.realtime import commands
from velocious.realtime.dialects.base import Dialect
from velocious.realtime.dialects.class_names import ClassNames
from velocious.realtime.dialects.json_frames import id_of, read_object, text_of, typed_frame
from velocious.realtime.parking import GRACE
from velocious.realtime.publication import Audience, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from velocious.realtime import outputs
    from velocious.realtime.channel import Channel
    from velocious.realtime.publication import Publication

    type Message = dict[str, Any]

#: An event of this name is its data alone. Others come as event and data.
BARE = "message"
NAMED, OF_CLASS, CONVERSATION = "n", "c", "t"
#: What the subscription is called in frames, by its kind.
_KEYS = {NAMED: "channel", OF_CLASS: "subscriptionId", CONVERSATION: "connectionId"}


class VelociousDialect(Dialect):
    """``{"type": …}`` both ways.

    Arguments:
        channels: classes that clients may name; other names are those of channels themselves.
    """

    name = "velocious"
    pings = False
    mortal = False
    resumes: ClassVar[bool] = True

    def __init__(self, channels: Iterable[type[Channel]] = ()) -> None:
        self._names = ClassNames(channels)

    @classmethod
    def for_channels(cls, channels: Iterable[type[Channel]]) -> Self:
        return cls(channels)

    # Reading

    def decode(self, frame: str | bytes) -> Sequence[commands.Command]:
        message = read_object(frame)
        kind = message.get("type", "request")
        if kind in ("channel-subscribe", "connection-open"):
            return (self._subscribe_to_class(message, kind),)
        read = _READERS.get(kind) if isinstance(kind, str) else None
        if read is None:
            raise BadFrameError(f"There is no `type` like that; known: {', '.join(_READERS)}.")
        return (read(message),)

    def _subscribe_to_class(self, message: Message, kind: str) -> commands.Command:
        letter = OF_CLASS if kind == "channel-subscribe" else CONVERSATION
        word = "channelType" if letter == OF_CLASS else "connectionType"
        params = _params(message)
        return commands.Subscribe(
            self._names.channel(text_of(message, word) or "", params),
            alias=_alias(message, letter),
            since=text_of(message, "lastEventId", required=False),
            params=params,
        )

    # Writing

    def event(self, alias: str, publication: Publication) -> str | None:
        if publication.json is None:
            return None
        if publication.audience is not Audience.CHANNEL:
            return _body("event", f'"channel":{dumps(publication.event)}', publication.json)
        return _told(alias, publication.event, publication.json, publication)

    def replayed(self, alias: str, publication: Publication) -> str | None:
        if publication.json is None:
            return None
        return _told(alias, publication.event, publication.json, publication, replayed=True)

    def alias_of(self, channel: str) -> str:
        return NAMED + channel

    def ready(self, output: outputs.Ready) -> str:
        # Only now: what clients send before they are let in is not kept.
        return typed_frame("session-established", sessionId=output.cid, graceSeconds=int(GRACE))

    def subscribed(self, output: outputs.Subscribed) -> Sequence[str]:
        letter, name = output.alias[0], output.alias[1:]
        frames: list[str] = []
        if letter == NAMED:
            # These clients know a subscription by channel and parameters, which the id carries.
            named = f'"channel":{dumps(name)}' + (f',"params":{output.id}' if output.id else "")
            # Told first: it is the answer that these clients wait for.
            if output.recovered is False:
                frames.append(f'{{"type":"replay-gap",{named}}}')
            frames.append(f'{{"type":"subscribed",{named}}}')
        else:
            kind = "channel-subscribed" if letter == OF_CLASS else "connection-opened"
            frames.append(typed_frame(kind, **{_KEYS[letter]: name}))
        if output.members is not None:
            members = [{"id": member.id, "info": member.info} for member in output.members]
            frames.append(_told(output.alias, "members", to_json(members)))
        if output.recovered is False and letter != NAMED:
            frames.append(_gap(output.alias))
        return frames

    def refused(self, output: outputs.Refused) -> str:
        letter, name = output.alias[0], output.alias[1:]
        if letter == NAMED:
            return typed_frame(
                "error", error="Subscription rejected", channel=name, code=output.code
            )
        kind = "channel-error" if letter == OF_CLASS else "connection-error"
        message = _WORDS.get(output.code, output.message)
        return typed_frame(kind, **{_KEYS[letter]: name}, message=message, code=output.code)

    def unsubscribed(self, output: outputs.Unsubscribed) -> str | None:
        letter, name = output.alias[0], output.alias[1:]
        if letter == NAMED:
            return typed_frame("unsubscribed", channel=name)
        if letter == OF_CLASS:
            return typed_frame("channel-unsubscribed", subscriptionId=name)
        return typed_frame("connection-closed", connectionId=name, reason="client_close")

    def reply(self, output: outputs.Reply) -> str | None:
        if output.silent:
            return None
        json = to_json(output.data)
        if output.channel is None:
            return _body("event", f'"channel":{dumps(output.name)}', json)
        return _told(output.channel, output.name, json)

    def failure(self, output: outputs.Failure) -> str:
        where: dict[str, Any] = {}
        if output.channel is not None:
            where = {_KEYS[output.channel[0]]: output.channel[1:]}
        return typed_frame("error", id=output.id, **where, error=output.message, code=output.code)

    def resync(self, output: outputs.Resync) -> str:
        return _gap(output.alias)

    def responded(self, output: outputs.Responded) -> str:
        return typed_frame(
            "response",
            id=output.id,
            statusCode=output.status,
            statusMessage=_phrase(output.status),
            headers=output.headers,
            body=output.body,
        )

    def resumed(self, output: outputs.Resumed) -> str:
        return typed_frame("session-resumed", sessionId=output.cid)

    def gone(self, output: outputs.Gone) -> str:
        return typed_frame("session-gone", sessionId=output.cid)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


_WORDS = {
    "forbidden": "Subscription not authorized",
    "alias_in_use": "Subscription id already in use",
    "bad_channel": "There is no such channel",
}


def _told(
    alias: str,
    event: str,
    json: str,
    publication: Publication | None = None,
    *,
    replayed: bool = False,
) -> str:
    """The frame of *event* for a subscription."""
    letter, name = alias[0], alias[1:]
    head = f'"{_KEYS[letter]}":{dumps(name)}'
    if publication is not None and publication.position is not None:
        head += f',"eventId":{dumps(publication.position)}'
        if letter == NAMED:
            when = datetime.fromtimestamp(publication.epoch_ms / 1000, UTC).isoformat()
            head += f',"createdAt":{dumps(when)},"sequence":{publication.offset}'
    if replayed:
        head += ',"replayed":true'
    told = json if event == BARE else f'{{"event":{dumps(event)},"data":{json}}}'
    if letter == NAMED:
        return _body("event", head, told)
    kind = "channel-message" if letter == OF_CLASS else "connection-message"
    return f'{{"type":"{kind}",{head},"body":{told}}}'


def _body(kind: str, head: str, json: str) -> str:
    return f'{{"type":"{kind}",{head},"payload":{json}}}'


def _gap(alias: str) -> str:
    letter, name = alias[0], alias[1:]
    kinds = {NAMED: "replay-gap", OF_CLASS: "channel-replay-gap", CONVERSATION: "connection-gap"}
    return typed_frame(kinds[letter], **{_KEYS[letter]: name})


def _alias(message: Message, letter: str) -> str:
    return letter + (text_of(message, _KEYS[letter]) or "")


def _params(message: Message, key: str = "params") -> dict[str, Any]:
    params: Any = message.get(key)
    if params is None:
        return {}
    if not isinstance(params, dict):
        raise BadFrameError(f"`{key}` is an object.")
    return cast("dict[str, Any]", params)


def _request(message: Message) -> commands.Command:
    headers = _params(message, "headers")
    if not all(isinstance(value, str | int | float) for value in headers.values()):
        raise BadFrameError("A header is text.")
    return commands.Request(
        text_of(message, "method") or "",
        text_of(message, "path") or "",
        {name: str(value) for name, value in headers.items()},
        message.get("body"),
        id_of(message),
    )


def _subscribe(message: Message) -> commands.Command:
    params = message.get("params")
    return commands.Subscribe(
        text_of(message, "channel") or "",
        None if params is None else to_json(params),
        alias=_alias(message, NAMED),
        since=text_of(message, "lastEventId", required=False),
        params=_params(message),
    )


def _leave(letter: str) -> Callable[[Message], commands.Command]:
    return lambda message: commands.Unsubscribe("", alias=_alias(message, letter))


def _tell(message: Message) -> commands.Command:
    return commands.Call(BARE, message.get("body"), channel=_alias(message, CONVERSATION))


def _authenticate(message: Message) -> commands.Command:
    credentials = {key: value for key, value in message.items() if key not in ("type", "id")}
    return commands.Authenticate(credentials, id_of(message))


_READERS: dict[str, Callable[[Message], commands.Command]] = {
    "request": _request,
    "subscribe": _subscribe,
    "unsubscribe": _leave(NAMED),
    "channel-unsubscribe": _leave(OF_CLASS),
    "connection-message": _tell,
    "connection-close": _leave(CONVERSATION),
    "metadata": lambda message: commands.Metadata(_params(message, "data")),
    "session-resume": lambda message: commands.Resume(text_of(message, "sessionId") or ""),
    "authenticate": _authenticate,
}
