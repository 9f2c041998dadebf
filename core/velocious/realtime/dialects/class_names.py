"""Channels by the names of their classes, for clients that name a class and parameters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from velocious.realtime.channel import Channel

_HOLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
#: What the engine takes for a hole of a pattern: nothing that could be read as a part of it.
_VALUE = re.compile(r"[A-Za-z0-9_=@-]+")


class ClassNames:
    """The name of a class → the pattern of its channels."""

    __slots__ = ("_patterns",)

    def __init__(self, channels: Iterable[type[Channel]] = ()) -> None:
        self._patterns = {channel.__name__: channel.pattern for channel in channels}

    def channel(self, word: str, params: Mapping[str, Any]) -> str:
        """The channel that *word* and *params* mean: the pattern of the class *word*, filled in;
        *word* itself where there is no such class. Empty, which no channel is called, where a
        parameter is missing or unfit.
        """
        pattern = self._patterns.get(word)
        if pattern is None:
            return word
        values = {name: _text(params.get(name)) for name in _HOLE.findall(pattern)}
        if not all(_VALUE.fullmatch(value) for value in values.values()):
            return ""
        return _HOLE.sub(lambda hole: values[hole.group(1)], pattern)


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
