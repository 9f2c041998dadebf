"""Forms as browsers send them: names of nested values, and the multipart format."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import TestingError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    type Pairs = list[tuple[str, str]]
    type File = bytes | tuple[str, bytes] | tuple[str, bytes, str]
    #: By the name of the field; a field may have several files.
    type Files = Mapping[str, File | Sequence[File]]

_UNKNOWN_TYPE = "application/octet-stream"


def form_pairs(given: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> Pairs:
    """*given* as names and texts: ``{"task": {"tags": ["a", "b"]}}`` is ``task[tags][]`` twice.

    True is ``1``, False ``0`` and None the empty text, as forms have them.
    """
    items = cast("Mapping[str, Any]", given).items() if isinstance(given, Mapping) else given
    return [pair for name, value in items for pair in _pairs(name, value)]


def _pairs(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in cast("Mapping[str, Any]", value).items():
            yield from _pairs(f"{name}[{key}]", inner)
    elif isinstance(value, (list, tuple)):
        for inner in cast("Sequence[Any]", value):
            yield from _pairs(f"{name}[]", inner)
    elif value is None or isinstance(value, bool):
        yield name, "1" if value else "" if value is None else "0"
    else:
        yield name, str(value)


def multipart(pairs: Pairs, files: Files) -> tuple[bytes, str]:
    """The body of a form with files, and its Content-Type."""
    boundary = f"velocious-{secrets.token_hex(12)}"
    parts: list[tuple[str, str | None, bytes]] = [
        (f'form-data; name="{_quoted(name)}"', None, value.encode("utf-8")) for name, value in pairs
    ]
    for name, filename, content, kind in _files(files):
        disposition = f'form-data; name="{_quoted(name)}"; filename="{_quoted(filename)}"'
        parts.append((disposition, kind, content))
    body = bytearray()
    for disposition, kind, content in parts:
        type_line = f"Content-Type: {kind}\r\n" if kind else ""
        head = f"--{boundary}\r\nContent-Disposition: {disposition}\r\n{type_line}\r\n"
        body += head.encode("utf-8") + content + b"\r\n"
    body += f"--{boundary}--\r\n".encode("ascii")
    return bytes(body), f"multipart/form-data; boundary={boundary}"


def _files(files: Files) -> Iterator[tuple[str, str, bytes, str]]:
    for name, given in files.items():
        for file in given if isinstance(given, list) else [given]:
            yield (name, *_file(name, file))


def _file(name: str, given: Any) -> tuple[str, bytes, str]:
    match given:
        case bytes():
            return name, given, _UNKNOWN_TYPE
        case (str() as filename, bytes() as content):
            return filename, content, _UNKNOWN_TYPE
        case (str() as filename, bytes() as content, str() as kind):
            return filename, content, kind
        case _:
            raise TestingError(
                f"The file {name!r} is {given!r}. Give its bytes, (filename, bytes) or "
                "(filename, bytes, content type); a list of these for several files."
            )


def _quoted(text: str) -> str:
    """As the HTML standard writes names into a header."""
    return text.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
