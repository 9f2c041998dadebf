"""The port for the forms of publications that other systems have, and what reading them shares."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

from velocious.errors import EnvelopeError

if TYPE_CHECKING:
    from velocious.realtime.publication import Publication


@dataclass(frozen=True, slots=True)
class Wire:
    """A message on its way.

    Attributes:
        channel: where it is published.
        text: what is published there.
    """

    channel: str
    text: str


class Codec(Protocol):
    """What another system's processes publish and listen to.

    Attributes:
        name: what settings call it.
        channels: what every process listens to.
        patterns: the same, with wildcards.
        names_origin: whether a message says which process it is from.
    """

    name: str
    channels: tuple[str, ...]
    patterns: tuple[str, ...]
    names_origin: bool

    def place(self, channel: str) -> str | None:
        """Where publications to *channel* arrive; None: at one of those that all listen to."""
        ...

    def write(self, publication: Publication, origin: str) -> Wire | None:
        """*publication* as they read it; None where they have no form for it."""
        ...

    def read(self, place: str, text: str, *, id: str, epoch_ms: int) -> Publication:
        """What arrived at *place*.

        Raises:
            EnvelopeError: it is nothing that they would have written.
        """
        ...


def read_object(text: str) -> dict[str, Any]:
    """The JSON object *text*. Raises EnvelopeError for anything else."""
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise EnvelopeError(f"it is no JSON ({type(error).__name__})") from None
    if not isinstance(found, dict):
        raise EnvelopeError("it is no JSON object")
    return cast("dict[str, Any]", found)


def text_of(words: dict[str, Any], key: str) -> str:
    """The text at *key*. Raises EnvelopeError where there is none."""
    found = words.get(key)
    if not isinstance(found, str):
        raise EnvelopeError(f"{key!r} is no text")
    if not found.isascii():
        _check_characters(key, found)
    return found


def _check_characters(key: str, text: str) -> None:
    """Half a character (a lone surrogate) can leave by no socket."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise EnvelopeError(f"{key!r} has half a character") from None


def texts_of(words: dict[str, Any], key: str) -> frozenset[str]:
    """The list of texts at *key*, which may be missing. Raises EnvelopeError for anything else."""
    found = words.get(key)
    if found is None:
        return frozenset()
    if not isinstance(found, list):
        raise EnvelopeError(f"{key!r} is no list of texts")
    many = cast("list[Any]", found)
    if not all(isinstance(one, str) for one in many):
        raise EnvelopeError(f"{key!r} is no list of texts")
    return frozenset(cast("list[str]", many))
