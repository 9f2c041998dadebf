"""The native dialect: every word that the engine knows, one discriminator, ``type``.

The frames are listed in ``docs/realtime.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from velocious.errors import BadFrameError
from velocious.realtime import commands
from velocious.realtime.dialects.base import Dialect
from velocious.realtime.dialects.json_frames import id_of, read_json, text_of, typed_frame
from velocious.realtime.publication import Audience, quoted, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from velocious.realtime import outputs
    from velocious.realtime.dialects.base import Frames
    from velocious.realtime.presence import Member
    from velocious.realtime.publication import Publication

VERSION = 1
#: Members in one frame; the others follow in frames of their own.
MEMBERS_PAGE = 1_000


class NativeDialect(Dialect):
    """``{"type": …}`` both ways."""

    name = "native"
    subprotocols = ("velocious.v1",)

    # Reading

    def decode(self, frame: str | bytes) -> Sequence[commands.Command]:
        if not isinstance(frame, str):
            return (commands.Raw(frame),)
        read_as: Any = read_json(frame)
        if not isinstance(read_as, dict):
            raise BadFrameError("A frame is a JSON object.")
        message = cast("dict[str, Any]", read_as)
        kind = message.get("type")
        read = _READERS.get(kind) if isinstance(kind, str) else None
        if read is None:
            raise BadFrameError(f"There is no `type` like that; known: {', '.join(_READERS)}.")
        return (read(message),)

    # Writing

    def event(self, alias: str, publication: Publication) -> str | bytes | None:
        if publication.json is None:
            return publication.binary
        position = f',"pos":"{publication.position}"' if publication.position else ""
        # What is for a user, a connection or everybody is in no channel, whatever that is called.
        is_channel = publication.audience is Audience.CHANNEL
        place = f'"ch":{quoted(alias)},' if is_channel else ""
        # The data is JSON already, and the same for everybody: only the envelope is written here.
        return (
            f'{{"type":"event",{place}"event":{quoted(publication.event)},'
            f'"data":{publication.json},"ts":{publication.epoch_ms}{position}}}'
        )

    def hello(self, output: outputs.Hello) -> str:
        auth = "required" if output.auth_required else "none"
        return typed_frame(
            "hello", cid=output.cid, ver=VERSION, auth=auth, heartbeat=output.heartbeat
        )

    def ready(self, output: outputs.Ready) -> str:
        return typed_frame("ready", id=output.id, cid=output.cid, user=output.user, **output.extra)

    def subscribed(self, output: outputs.Subscribed) -> Frames:
        confirmed, *pages = self.confirmation(output)
        return (confirmed, *pages) if pages else confirmed

    def confirmation(self, output: outputs.Subscribed) -> Sequence[str]:
        """What confirms a subscription; then the members that are too many for it, page by page."""
        members = output.members
        shown = None if members is None else [_shown(one) for one in members]
        first, rest = (shown, []) if shown is None else (shown[:MEMBERS_PAGE], shown[MEMBERS_PAGE:])
        confirmed = typed_frame(
            "sub.ok",
            id=output.id,
            ch=output.alias,
            members=first,
            more=True if rest else None,
            me=None if output.me is None else output.me.id,
            pos=output.position,
            recovered=output.recovered,
        )
        return [confirmed, *_pages(output.alias, rest)]

    def refused(self, output: outputs.Refused) -> str:
        return typed_frame(
            "error",
            id=output.id,
            ch=output.alias,
            code=output.code,
            message=output.message,
            status=output.status,
        )

    def unsubscribed(self, output: outputs.Unsubscribed) -> str:
        return typed_frame("unsub.ok", id=output.id, ch=output.alias)

    def reply(self, output: outputs.Reply) -> str | None:
        if output.id is None and output.silent:
            return None
        id = output.id
        if id is None:
            told = ""
        else:
            # Numbers and texts of a client, another one each time.
            told = f'"id":{id},' if type(id) is int else f'"id":{to_json(id)},'
        name = quoted(output.name)
        return f'{{"type":"reply",{told}"name":{name},"data":{to_json(output.data)}}}'

    def failure(self, output: outputs.Failure) -> str:
        return typed_frame(
            "error",
            id=output.id,
            ch=output.channel,
            name=output.name,
            code=output.code,
            message=output.message,
            status=output.status,
        )

    def pinged(self, output: outputs.Pinged) -> str:
        return '{"type":"ping"}'

    def ponged(self, output: outputs.Ponged) -> str:
        return typed_frame("pong", id=output.id)

    def responded(self, output: outputs.Responded) -> str:
        return typed_frame(
            "response",
            id=output.id,
            status=output.status,
            headers=output.headers,
            body=output.body,
        )

    def resync(self, output: outputs.Resync) -> str:
        return typed_frame("resync", ch=output.alias, pos=output.position)

    def bye(self, output: outputs.Bye) -> str:
        return typed_frame(
            "bye",
            code=self.close_code(output.close),
            reason=output.reason,
            reconnect=output.close.reconnect,
            retry_after=output.retry_after,
        )


def _pages(alias: str, members: list[dict[str, Any]]) -> Iterator[str]:
    """The rest of a long list of members, page by page."""
    while members:
        page, members = members[:MEMBERS_PAGE], members[MEMBERS_PAGE:]
        yield typed_frame("members", ch=alias, members=page, more=True if members else None)


def _shown(member: Member) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": member.id, "conns": member.connections}
    if member.info is not None:
        shown["info"] = member.info
    return shown


def _authenticate(message: dict[str, Any]) -> commands.Command:
    credentials = {key: value for key, value in message.items() if key not in ("type", "id")}
    return commands.Authenticate(credentials, id_of(message))


def _subscribe(message: dict[str, Any]) -> commands.Command:
    params: Any = message.get("params") or {}
    if not isinstance(params, dict):
        raise BadFrameError("`params` is an object.")
    return commands.Subscribe(
        text_of(message, "ch") or "",
        id_of(message),
        token=text_of(message, "token", required=False),
        member=text_of(message, "member", required=False),
        since=text_of(message, "since", required=False),
        params=cast("dict[str, Any]", params),
    )


def _unsubscribe(message: dict[str, Any]) -> commands.Command:
    return commands.Unsubscribe(text_of(message, "ch") or "", id_of(message))


def _call(message: dict[str, Any]) -> commands.Command:
    name = message.get("name")
    if not isinstance(name, str):
        raise BadFrameError("`name` is text.")
    return commands.Call(name, message.get("data"), id_of(message))


def _publish(message: dict[str, Any]) -> commands.Command:
    return commands.ClientEvent(
        text_of(message, "ch") or "",
        text_of(message, "event") or "",
        message.get("data"),
        id_of(message),
    )


def _request(message: dict[str, Any]) -> commands.Command:
    given: Any = message.get("headers") or {}
    headers = cast("dict[Any, Any]", given) if isinstance(given, dict) else {None: None}
    if not all(isinstance(value, str) for value in headers.values()):
        raise BadFrameError("`headers` is an object of texts.")
    return commands.Request(
        text_of(message, "method") or "",
        text_of(message, "path") or "",
        cast("dict[str, str]", headers),
        message.get("body"),
        id_of(message),
    )


def _ping(message: dict[str, Any]) -> commands.Command:
    return commands.Ping(id_of(message))


def _pong(_: dict[str, Any]) -> commands.Command:
    return commands.Pong()


_READERS: dict[str, Callable[[dict[str, Any]], commands.Command]] = {
    "auth": _authenticate,
    "sub": _subscribe,
    "unsub": _unsubscribe,
    "call": _call,
    "pub": _publish,
    "request": _request,
    "ping": _ping,
    "pong": _pong,
}
