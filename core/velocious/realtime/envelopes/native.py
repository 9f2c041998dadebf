"""Our own form.

``{"v":1,"o":origin,"i":id,"k":kind,"n":name,"e":event,"ts":ms,"d":data}``, and where there is
something to say: ``x`` (excluded connections), ``m`` (member), ``c`` (correlation id), ``in`` (an
event of the engine), ``b`` (base64 in the place of ``d``). Signed ones begin with ``"s"``, an HMAC
of the rest. Kind ``gap`` is no publication: somebody could not publish to *name*.
"""

from __future__ import annotations

import hmac
import json
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import EnvelopeError
from velocious.realtime.envelopes.base import read_object, text_of, texts_of
from velocious.realtime.presence import Change
from velocious.realtime.publication import ABANDON, KICK, Audience, Publication, to_json

if TYPE_CHECKING:
    from collections.abc import Callable

VERSION = 1
#: The kind of an envelope that tells of publications that were lost.
GAP = "gap"
#: Milliseconds after which a signed envelope is old: its id is forgotten by then, so that it could
#: be said again.
WINDOW_MS = 300_000

_SIGNED = '{"s":"'
_SIGNATURE_END = len(_SIGNED) + 64


class NativeEnvelope:
    """Writes and reads our own form.

    Arguments:
        secret: what signs, for a server that others can write to. All processes have the same.
    """

    __slots__ = ("_key",)

    def __init__(self, secret: str | None = None) -> None:
        self._key = None if secret is None else secret.encode()

    def write(self, publication: Publication, origin: str) -> str:
        """*publication* as text."""
        words: dict[str, Any] = {
            "v": VERSION,
            "o": origin,
            "i": publication.id,
            "k": str(publication.audience),
            "n": publication.name,
            "e": publication.event,
            "ts": publication.epoch_ms,
        }
        if publication.exclude:
            words["x"] = sorted(publication.exclude)
        if publication.member is not None:
            words["m"] = publication.member
        if publication.correlation_id is not None:
            words["c"] = publication.correlation_id
        if publication.inner:
            words["in"] = 1
        if publication.json is None:
            words["b"] = b64encode(publication.binary or b"").decode()
            return self._signed(_compact(words))
        # The data is JSON already.
        return self._signed(f'{_compact(words)[:-1]},"d":{publication.json}}}')

    def write_gap(self, name: str, origin: str) -> str:
        """That publications to the channel *name* (empty: to any) were lost."""
        return self._signed(_compact({"v": VERSION, "o": origin, "k": GAP, "n": name}))

    def read(self, text: str, *, now_ms: int | None = None) -> Publication | str:
        """A publication, or the name of the channel in which some were lost.

        Arguments:
            now_ms: now; None for what was remembered, which may be of any age.

        Raises:
            EnvelopeError: it is none of ours, it was changed, or it is too old to be new.
        """
        body = text if self._key is None else self._opened(text)
        words = read_object(body)
        if words.get("v") != VERSION:
            raise EnvelopeError(f"its version is {words.get('v')!r}, not {VERSION}")
        if words.get("k") == GAP:
            return text_of(words, "n")
        made = _publication(words)
        is_old = now_ms is not None and now_ms - made.epoch_ms > WINDOW_MS
        if self._key is not None and is_old:
            raise EnvelopeError("it is signed, but too old")
        return made

    def _signed(self, body: str) -> str:
        if self._key is None:
            return body
        return f'{_SIGNED}{self._digest(body)}",{body[1:]}'

    def _opened(self, text: str) -> str:
        if not text.startswith(_SIGNED) or text[_SIGNATURE_END : _SIGNATURE_END + 2] != '",':
            raise EnvelopeError("it is not signed")
        body = "{" + text[_SIGNATURE_END + 2 :]
        given = text[len(_SIGNED) : _SIGNATURE_END].encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._digest(body).encode()):
            raise EnvelopeError("its signature is not of our secret")
        return body

    def _digest(self, body: str) -> str:
        return hmac.new(self._key or b"", body.encode("utf-8", "replace"), "sha256").hexdigest()


def _publication(words: dict[str, Any]) -> Publication:
    try:
        audience = Audience(text_of(words, "k"))
    except ValueError:
        raise EnvelopeError(f"its kind is {words['k']!r}") from None
    inner = words.get("in") == 1
    binary = _binary(words) if "b" in words else None
    made = Publication(
        audience,
        text_of(words, "n"),
        text_of(words, "e"),
        None if binary is not None else _data(words),
        epoch_ms=_milliseconds(words),
        id=text_of(words, "i"),
        binary=binary,
        exclude=texts_of(words, "x"),
        member=None if words.get("m") is None else text_of(words, "m"),
        origin=text_of(words, "o"),
        correlation_id=None if words.get("c") is None else text_of(words, "c"),
        inner=inner,
    )
    if inner:
        _check_inner(made, words.get("d"))
    return made


def _check_inner(made: Publication, data: Any) -> None:
    """What the engine itself says has one shape, and nobody else may find another."""
    key, is_known = "id", made.event in tuple(Change)
    if made.audience is not Audience.CHANNEL:
        is_known = made.event == KICK
        if made.audience is Audience.CLIENT:
            is_known = is_known or made.event == ABANDON
        key = "reason"
    shape = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
    if not is_known or not isinstance(shape.get(key), str):
        raise EnvelopeError("it is no event of the engine")


def _data(words: dict[str, Any]) -> str:
    # Written again: what goes to clients is JSON by our own rules, whoever wrote it.
    try:
        return to_json(words.get("d"))
    except (ValueError, TypeError, RecursionError) as error:
        raise EnvelopeError(f"its data is no JSON ({type(error).__name__})") from None


def _binary(words: dict[str, Any]) -> bytes:
    try:
        return b64decode(text_of(words, "b"), validate=True)
    except ValueError:
        raise EnvelopeError("'b' is no base64") from None


def _milliseconds(words: dict[str, Any]) -> int:
    found = words.get("ts")
    if not isinstance(found, int) or isinstance(found, bool):
        raise EnvelopeError("'ts' is no number of milliseconds")
    return found


_compact: Callable[[Any], str] = json.JSONEncoder(separators=(",", ":")).encode
