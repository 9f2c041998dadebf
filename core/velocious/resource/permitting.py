"""What a client may write: the attributes that its command, its resource and its rules allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from velocious.errors import MalformedCommandError, NotWritableError
from velocious.resource.names import camel
from velocious.wire import encode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.record.record import Record
    from velocious.resource.asking import Asking
    from velocious.resource.exposure import Exposure

#: What JavaScript calls the parts of a file → what attachments call them.
FILE_KEYS = {
    "contentBase64": "content_base64",
    "contentType": "content_type",
    "filename": "filename",
}


def permitted(
    given: Mapping[str, Any],
    action: str,
    exposure: Exposure,
    asking: Asking,
    *,
    only: Any = None,
    unchanged: Record | None = None,
) -> dict[str, Any]:
    """*given* under the names that the model has for it.

    Arguments:
        only: the names that somebody else permits; None for all of them.
        unchanged: the stored record: what the client only sends back as it got it is left out.

    Raises:
        NotWritableError: it holds what may not be written.
    """
    resource = asking.resource(exposure)
    listed = resource.permitted_params(action, exposure.known(given))
    allowed = [one for one in listed if only is None or one in only]
    forms = {form: name for name in allowed for form in (name, camel(name))}
    found: dict[str, Any] = {}
    refused: list[str] = []
    for name, value in given.items():
        known = forms.get(name)
        if known is None:
            if unchanged is None or not _is_unchanged(name, value, exposure, asking, unchanged):
                refused.append(name)
        elif known in found:
            raise sent_twice(known)
        else:
            found[known] = as_file(value) if known in exposure.attachments else value
    if refused:
        raise NotWritableError(exposure.name, refused, allowed)
    return found


def sent_twice(name: str) -> MalformedCommandError:
    """For both names of one thing in one object: two readers could mean different values."""
    return MalformedCommandError(f"{name!r:.80} is sent twice, by two names.")


def _is_unchanged(
    name: str, value: Any, exposure: Exposure, asking: Asking, record: Record
) -> bool:
    """Whether *value* is what the client got as *name*, which it may read."""
    readable = asking.visible(exposure, exposure.readable, "read")
    known = next((one for one in readable if name in (one, camel(one))), None)
    if known is None or exposure.kinds.get(known) != "column":
        return False
    # As they travel: text of a decimal is the decimal.
    return encode(value) == encode(record.read(known))


async def demand_fields(
    names: Mapping[str, Any], action: str, record: Record, exposure: Exposure, asking: Asking
) -> None:
    """Raise NotWritableError where the rules about fields forbid one of *names* on *record*."""
    allowed = await asking.ability.fields_of(action, record)
    refused = [one for one in names if allowed is not None and one not in allowed]
    if refused:
        raise NotWritableError(exposure.name, map(asking.called, refused), ())


def as_file(value: Any) -> Any:
    """A file, or a list of files, in the words of attachments; JavaScript has others.

    Raises:
        MalformedCommandError: it is none. A client never names a path of the server's.
    """
    if isinstance(value, list):
        return [as_file(one) for one in cast("list[Any]", value)]
    if value is None:
        return None
    words = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    found = {FILE_KEYS.get(name, name): one for name, one in words.items() if one is not None}
    unknown = found.keys() - set(FILE_KEYS.values())
    texts = all(isinstance(one, str) for one in found.values())
    if unknown or not texts or "content_base64" not in found:
        raise MalformedCommandError(
            'A file is {"contentBase64": …, "filename": …, "contentType": …}, each of them text.'
        )
    return found
