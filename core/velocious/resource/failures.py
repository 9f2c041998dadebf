"""What a client is told of a command that failed.

Law: what a client did wrong is named, with a code. What we did wrong is logged, and named in
development alone.
"""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING, Any, cast

from velocious.error_events import CLIENT_ERROR, FRAMEWORK_ERROR, ErrorEvent
from velocious.errors import (
    AccessDeniedError,
    RecordNotFoundError,
    RecordNotSavedError,
    RequestError,
    UnsupportedValueError,
    ValidationError,
    VelociousError,
)
from velocious.errors.query import OUR_OWN

if TYPE_CHECKING:
    from velocious.resource.asking import Asking

logger = logging.getLogger("velocious.resource")

HIDDEN = "Request failed."
#: What clients are told of files; the errors themselves speak of storages and directories.
FILES = {
    "attachment_not_found": "There is no such file.",
    "attachment_without_url": "The file has no address: download it.",
    "attachment_input": "The file cannot be attached as it was sent.",
    "attachment_too_large": "The file is too large.",
}
#: What clients are told of what their rows ran into: the errors themselves speak of tables, of
#: other rows, and of how many there are.
ROWS = {
    "unique_violated": "It is taken already.",
    "foreign_key_violated": "It leads to a record that is not there, or others lead to it.",
    "not_null_violated": "A value is missing.",
    "check_violated": "The database does not take it.",
    "value_out_of_range": "A value does not fit its column.",
    "delete_restricted": "Others depend on it.",
    "stale_record": "It was changed meanwhile.",
    "state_transition_refused": "It cannot become that now.",
}
TOLD = {**FILES, **ROWS}
#: Where a client may see what went wrong on the server.
_OPEN = ("development", "test")


async def failure(error: Exception, entry: Any, asking: Asking) -> dict[str, Any]:
    """The response to a command that ended with *error*; who listens for errors is told."""
    known = _known(error, asking)
    status = CLIENT_ERROR if known is not None else FRAMEWORK_ERROR
    response = None if known is None else {"status": "error", **known}
    if known is None:
        about = _about(entry)
        logger.error("The command %s failed", about, exc_info=error)
        error.add_note(f"While the command {about} was answered")
        response = {"status": "error", "code": "internal_error", "errorMessage": HIDDEN}
        if asking.configuration.environment in _OPEN:
            response |= {
                "debugErrorClass": type(error).__name__,
                "debugErrorMessage": str(error),
                "debugBacktrace": traceback.format_exception(error),
            }
    request = None if asking.controller is None else asking.controller.request
    await asking.configuration.error_events.emit(ErrorEvent(error, status, request, None, {}))
    assert response is not None
    return response


def _known(error: Exception, asking: Asking) -> dict[str, Any] | None:
    """What the client is told of its own mistake; None where it is ours."""
    if isinstance(error, ValidationError):
        errors = {_called(name, asking): them for name, them in error.errors.to_data().items()}
        return _said(error, errors=errors)
    if isinstance(error, AccessDeniedError):
        return _said(error, reason=error.reason)
    if isinstance(error, RequestError):
        data = error.to_data()
        data.pop("message", None)
        return {"errorMessage": str(error), **data}
    if isinstance(error, RecordNotFoundError):
        return _said(error)
    if isinstance(error, VelociousError) and (message := TOLD.get(error.code)) is not None:
        return _said(error, message=message)
    if isinstance(error, RecordNotSavedError):
        return _said(error, message=error.reason or "The record was not saved.")
    if isinstance(error, UnsupportedValueError) and error.value is not OUR_OWN:
        return _said(error)
    if isinstance(error, VelociousError) and error.safe_to_expose:
        return _said(error)
    return None


def _said(error: VelociousError, message: str | None = None, **more: Any) -> dict[str, Any]:
    data = {"errorMessage": message or str(error), "code": error.code}
    return {**data, **{name: value for name, value in more.items() if value is not None}}


def _called(name: str, asking: Asking) -> str:
    return ".".join(map(asking.called, name.split(".")))


def _about(entry: Any) -> str:
    if not isinstance(entry, dict):
        return "without a name"
    said = cast("dict[str, Any]", entry)
    words = [said.get("model"), said.get("commandType"), said.get("customPath")]
    return "#".join(f"{one!s:.80}" for one in words if one is not None)
