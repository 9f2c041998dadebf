"""Reads a stream of events, in whatever pieces it arrives (WHATWG HTML, section 9.2.6)."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Received:
    """An event as the client sees it. *id*: the last one that was named."""

    data: str
    event: str = "message"
    id: str = ""


class EventParser:
    """Takes bytes, gives events.

    Attributes:
        last_id: what the client sends as Last-Event-ID when it comes again.
        retry: milliseconds that it waits before, where the server has said so.
    """

    __slots__ = ("_data", "_decode", "_event", "_id", "_is_first", "_rest", "last_id", "retry")

    def __init__(self, last_id: str = "") -> None:
        self.last_id = last_id
        self.retry: int | None = None
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._rest = ""
        self._is_first = True
        self._data: list[str] = []
        self._event = ""
        self._id = last_id

    @property
    def pending(self) -> int:
        """Characters of an event that has not ended yet."""
        return len(self._rest) + sum(map(len, self._data))

    def feed(self, piece: bytes) -> list[Received]:
        """The events that *piece* completes."""
        text = self._rest + self._decode(piece)
        if self._is_first and text:
            text, self._is_first = text.removeprefix("\ufeff"), False
        # A CR at the end may be half of a line end.
        held = text[-1:] if text.endswith("\r") else ""
        lines = _LINE_END.split(text.removesuffix(held) if held else text)
        self._rest = lines.pop() + held
        found = (self._take(line) for line in lines)
        return [one for one in found if one is not None]

    def _take(self, line: str) -> Received | None:
        if not line:
            return self._dispatch()
        name, colon, value = line.partition(":")
        value = value.removeprefix(" ") if colon else ""
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._event = value
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and value.isascii() and value.isdecimal() and len(value) < 10:
            self.retry = int(value)
        return None

    def _dispatch(self) -> Received | None:
        self.last_id = self._id
        data, event = self._data, self._event
        self._data, self._event = [], ""
        if not data:
            return None
        return Received("\n".join(data), event or "message", self.last_id)
