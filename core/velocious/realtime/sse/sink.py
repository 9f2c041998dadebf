"""The way out of a stream: pieces of an HTTP answer, each with the id to go on from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from velocious.realtime.asgi.queued_sink import QueuedSink
from velocious.realtime.sink import Form
from velocious.realtime.sse.dialect import KEEP
from velocious.realtime.sse.encoding import COMMENT, encode_event
from velocious.realtime.sse.positions import STOP

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Message, Send

    from velocious.realtime.sse.positions import Positions

#: Kinds whose events have another name: they are about a failure.
_NAMES = {"refused": "error", "failure": "error", "stop": "bye"}


class Piece(NamedTuple):
    """A frame, as all listeners share it.

    Attributes:
        kind: what it is of.
        channel: what it is about.
        position: where the channel stands after it.
        body: the event, without an id.
    """

    kind: str
    channel: str
    position: str
    body: bytes


def _piece(frame: str | bytes) -> Piece:
    assert isinstance(frame, str)
    head, _, json = frame.partition("\n")
    kind, channel, position, delay = head.split("\t")
    retry = int(delay) if delay else None
    return Piece(
        kind, channel, position, encode_event(json, event=_NAMES.get(kind, kind), retry=retry)
    )


SSE = Form(_piece)


class SseSink(QueuedSink):
    """Writes events.

    Arguments:
        positions: where the stream stands; it goes on from here.
    """

    def __init__(
        self,
        send: Send,
        messages: int,
        size: int,
        cut: Callable[[], None],
        positions: Positions,
    ) -> None:
        super().__init__(send, messages, size, cut)
        self.form = SSE
        self.positions = positions

    def write(self, frame: Any) -> bool:
        before = dict(self.positions.of)
        if super().write(self._with_id(frame)):
            return True
        # It was not taken, so the stream is not there yet.
        self.positions.of = before
        return False

    def force(self, frame: Any) -> None:
        super().force(self._with_id(frame))

    def comment(self) -> None:
        """Fill silence."""
        super().force(COMMENT)

    @property
    def is_empty(self) -> bool:
        """Whether all that was said has left."""
        return not self._waiting

    def _with_id(self, piece: Piece) -> bytes:
        id = self._id_after(piece)
        return piece.body if id is None else b"id: " + id.encode("ascii") + b"\n" + piece.body

    def _id_after(self, piece: Piece) -> str | None:
        """The stream's id after *piece*; None where it stays what it was."""
        of, kind, channel = self.positions.of, piece.kind, piece.channel
        if kind == "stop":
            return STOP
        if kind in ("unsub.ok", "refused"):
            if of.pop(channel, None) is None:
                return None
        elif kind == "sub.ok":
            if piece.position != KEEP:
                of[channel] = piece.position
        elif kind == "resync" and channel in of:
            # Where nobody says where it stands, nobody can go on from there.
            of[channel] = piece.position
        elif kind == "event" and piece.position and channel in of:
            of[channel] = piece.position
        else:
            return None
        return self.positions.write()

    def _message(self, frame: str | bytes) -> Message:
        return {"type": "http.response.body", "body": frame, "more_body": True}

    def _closing(self, code: int, reason: str) -> Message:
        return {"type": "http.response.body", "body": b"", "more_body": False}
