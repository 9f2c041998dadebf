"""From what a backend refuses to the errors that a database would have raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, cast

from velocious.errors import (
    CommandRefusedError,
    RecordError,
    RecordNotFoundError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.frontend_model.command import Command


#: Codes of what is wrong with attributes that were given.
_OF_RECORDS = frozenset({"validation_failed", "invalid_arguments"})


class RefusedRecordError(RecordError):
    """What a record was given is wrong: becomes a ValidationError where the record is at hand."""

    def __init__(self, errors: Mapping[str, Any], message: str) -> None:
        self.errors = errors
        super().__init__(message)


def raise_refusal(command: Command, response: Mapping[str, Any]) -> NoReturn:
    """Raise the error that *response* to *command* stands for."""
    code = str(response.get("code") or "")
    message = str(response.get("errorMessage") or "")
    if code == RecordNotFoundError.code:
        asked = {} if "id" not in command.payload else {"id": command.payload["id"]}
        raise RecordNotFoundError(command.model, asked)
    errors = response.get("errors")
    if code in _OF_RECORDS and isinstance(errors, dict):
        raise RefusedRecordError(cast("dict[str, Any]", errors), message)
    if code == "access_denied":
        _raise_denied(command, message, response)
    raise CommandRefusedError(command.model, command.kind, code or "error", message, response)


def _raise_denied(command: Command, message: str, response: Mapping[str, Any]) -> NoReturn:
    from velocious.errors import AccessDeniedError

    action = str(response.get("action") or command.kind)
    raise AccessDeniedError(action, command.model, message or None)
