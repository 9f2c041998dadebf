"""The status of an answer, by number or by name."""

from __future__ import annotations

from http import HTTPStatus

from velocious.errors import RenderError, suggestion

#: These never have a body.
WITHOUT_BODY = frozenset({204, 304})

#: As ``http.HTTPStatus`` calls them, and as browsers' tools and Rails do.
_NAMES = {status.name.lower(): status.value for status in HTTPStatus if status >= 200} | {
    "content_too_large": 413,
    "uri_too_long": 414,
    "range_not_satisfiable": 416,
    "misdirected_request": 421,
    "unprocessable_content": 422,
    "unprocessable_entity": 422,
}


def status_code(status: int | str) -> int:
    """The number of *status* (``201``, ``"created"``, ``"not-found"``).

    Raises:
        RenderError: there is no such status, or it is no answer.
    """
    if isinstance(status, int) and 200 <= status <= 599:
        return int(status)
    if isinstance(status, str):
        name = status.strip().lower().replace("-", "_").replace(" ", "_")
        if name in _NAMES:
            return _NAMES[name]
        raise RenderError(f"There is no status {status!r}. {suggestion(name, _NAMES)}")
    raise RenderError(
        f"An answer cannot have the status {status!r}. Use a number from 200 to 599, or a name "
        "such as 'created'."
    )
