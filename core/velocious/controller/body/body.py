"""Reads the body of a request: JSON, a form, or nothing that we know.

Law: no byte beyond the limit is kept, nothing is unpacked (a small body stays small), and what
cannot be read is the client's mistake (400, 413, 415), never ours (500).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.requests import ClientDisconnect

from velocious.controller.body.json_body import parse_json
from velocious.controller.params import Params
from velocious.controller.params.nesting import nested, pairs_of
from velocious.errors import BodyTooLargeError, UnsupportedBodyError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Message, Receive, Scope

    from velocious.configuration import Configuration
    from velocious.controller.controller import Controller

#: Where a JSON body that is no object is found in the parameters.
JSON_KEY = "_json"

#: Where the scope of a request keeps the files that it brought.
UPLOADS = "velocious.uploads"

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_CHARSETS = frozenset({"utf-8", "utf8", "us-ascii"})


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may send.

    Attributes:
        body: bytes of everything that is no file.
        upload: bytes of one file.
        files: files.
        parameters: names in a query or a form.
    """

    body: int
    upload: int
    files: int
    parameters: int

    @classmethod
    def of(cls, controller: type[Controller], configuration: Configuration) -> Limits:
        """What *controller* says, and *configuration* where it says nothing."""
        http = configuration.http
        return cls(
            http.body_limit if controller.body_limit is None else controller.body_limit,
            http.upload_limit if controller.upload_limit is None else controller.upload_limit,
            http.file_limit,
            http.parameter_limit,
        )


async def body_params(
    request: Request, limits: Limits, configuration: Configuration
) -> dict[str, Any]:
    """The parameters in the body of *request*; none where it is of no type that we read.

    Raises:
        MalformedRequestError: it is not what its Content-Type says.
        UnsupportedBodyError: it is compressed, or not in UTF-8.
        TooManyParametersError: it has too many names or files.
        BodyTooLargeError: it is longer than *limits*.
    """
    about = described(request.scope)
    kind = media_type(about.content_type)
    if is_json(kind):
        _check_encoding(about)
        parsed = parse_json(await read_body(request, limits.body, about.length))
        return parsed if isinstance(parsed, Params) else {JSON_KEY: parsed}
    if kind == FORM:
        _check_encoding(about)
        body = await read_body(request, limits.body, about.length)
        return nested(pairs_of(body, limits.parameters))
    if kind == MULTIPART:
        _check_encoding(about)
        # Imported here: most requests bring no files.
        from velocious.controller.body.multipart import read_multipart

        return nested(await read_multipart(request, about, limits, configuration))
    request._receive = _limited(request.receive, limits.upload)
    return {}


def _limited(receive: Receive, limit: int) -> Receive:
    """*receive* for a body that an action reads itself: it, too, has an end."""
    left = limit

    async def limited() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise BodyTooLargeError(limit, option="upload_limit")
        return message

    return limited


class About(NamedTuple):
    """What the headers of a request say about its body."""

    content_type: str = ""
    length: int = 0
    encoding: str = ""


def described(scope: Scope) -> About:
    """What the headers in *scope* say about the body."""
    content_type = length = encoding = b""
    # In one pass over the raw headers: every request with a body comes by here.
    for name, value in scope["headers"]:
        if name == b"content-type":
            content_type = value
        elif name == b"content-length":
            length = value
        elif name == b"content-encoding":
            encoding = value
    announced = int(length[:20]) if length.isdigit() else 0
    return About(content_type.decode("latin-1"), announced, encoding.decode("latin-1"))


def media_type(content_type: str) -> str:
    """The type that a Content-Type header names, without its parameters."""
    return content_type.partition(";")[0].strip().lower()


def is_json(kind: str) -> bool:
    """Whether a body of the media type *kind* is JSON."""
    return kind == "application/json" or kind.endswith("+json")


async def read_body(request: Request, limit: int, announced: int) -> bytes:
    """The whole body. Raises BodyTooLargeError before more than *limit* bytes are kept."""
    if announced > limit:
        raise BodyTooLargeError(limit)
    body, more = await receive(request)
    if more:
        body = await _rest(request, bytearray(body), limit)
    if len(body) > limit:
        raise BodyTooLargeError(limit)
    # Starlette reads forms, and an action its raw body, from what has been read already.
    request._body = body
    return body


async def _rest(request: Request, pieces: bytearray, limit: int) -> bytes:
    more = True
    while more:
        if len(pieces) > limit:
            raise BodyTooLargeError(limit)
        piece, more = await receive(request)
        pieces += piece
    return bytes(pieces)


async def receive(request: Request) -> tuple[bytes, bool]:
    """The next piece of the body, and whether there are more. Raises ClientDisconnect."""
    message = await request.receive()
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    return message.get("body", b""), message.get("more_body", False)


def _check_encoding(about: About) -> None:
    encoding = about.encoding.strip().lower()
    if encoding not in ("", "identity"):
        raise UnsupportedBodyError(
            f"The Content-Encoding {encoding[:40]!r} of the body is not read. Send it as it is."
        )
    if ";" in about.content_type and (charset := _charset(about.content_type)) not in _CHARSETS:
        raise UnsupportedBodyError(
            f"The charset {charset[:40]!r} of the body is not read. Send UTF-8."
        )


def _charset(content_type: str) -> str:
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower()
    return "utf-8"
