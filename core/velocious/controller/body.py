"""Reads the body of a request: JSON, a form, or nothing that we know.

Law: no byte beyond the limit is kept, and what cannot be read is the client's mistake (400, 413),
never ours (500).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from starlette.requests import ClientDisconnect

from velocious.errors import BodyTooLargeError, MalformedRequestError

if TYPE_CHECKING:
    from starlette.requests import Request

#: Where a JSON body that is no object is found in the parameters.
JSON_KEY = "_json"

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def body_params(request: Request, limit: int) -> dict[str, Any]:
    """The parameters in the body of *request*; none where it is of no type that we read.

    Raises:
        MalformedRequestError: it is not what its Content-Type says.
        BodyTooLargeError: it is longer than *limit* bytes.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        parsed = parse_json(await read_body(request, limit))
        return cast("dict[str, Any]", parsed) if isinstance(parsed, dict) else {JSON_KEY: parsed}
    if kind in _FORMS:
        return await _form(request, limit)
    return {}


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body. Raises BodyTooLargeError before more than *limit* bytes are kept."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > limit:
        raise BodyTooLargeError(limit)
    pieces = bytearray()
    more = True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        pieces += message.get("body", b"")
        if len(pieces) > limit:
            raise BodyTooLargeError(limit)
        more = message.get("more_body", False)
    # Starlette reads forms, and an action its raw body, from what has been read already.
    request._body = body = bytes(pieces)
    return body


def parse_json(body: bytes) -> Any:
    """The value that *body* holds; an empty body is an empty object.

    Raises:
        MalformedRequestError: with the place of the mistake.
    """
    if not body:
        return {}
    try:
        text = body.decode("utf-8")
        value = json.loads(text, parse_constant=_refuse_constant)
        if "\\u" in text:
            # Half of a surrogate pair is no character: no database and no answer could hold it.
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        raise MalformedRequestError(f"The JSON body is not UTF-8: {error.reason}.") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise MalformedRequestError(
            f"The JSON body is malformed: {error.msg} ({place})."
        ) from error
    except RecursionError as error:
        raise MalformedRequestError("The JSON body is nested too deeply.") from error
    except ValueError as error:
        raise MalformedRequestError(f"The JSON body is malformed: {error}.") from error
    return value


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON value")


async def _form(request: Request, limit: int) -> dict[str, Any]:
    from starlette.exceptions import HTTPException

    await read_body(request, limit)
    try:
        form = await request.form()
    except HTTPException as error:
        raise MalformedRequestError(f"The form is malformed: {error.detail}") from error
    return dict(form)
