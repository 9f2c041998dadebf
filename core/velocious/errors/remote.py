"""Records that live behind a backend: what it refuses, and what cannot be asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors.base import VelociousError
from velocious.errors.query import QueryError

if TYPE_CHECKING:
    from collections.abc import Mapping


class RemoteError(VelociousError):
    """Something about records whose home is a backend."""

    code = "remote_error"


class NotRemoteError(RemoteError, QueryError):
    """A model whose home is a backend was asked for what only a database of one's own can do.

    Attributes:
        model: its name.
        wanted: what was asked for.
    """

    code = "not_remote"

    def __init__(self, model: str, wanted: str, instead: str) -> None:
        self.model = model
        self.wanted = wanted
        super().__init__(f"{model} lives behind a backend, where {wanted} cannot be had. {instead}")


class BackendUnreachableError(RemoteError):
    """No answer came: the backend is not there, or too slow, or the connection broke.

    Attributes:
        sent: whether the request may have reached it, so that a write may have been done.
    """

    code = "backend_unreachable"

    def __init__(self, backend: str, problem: str, *, sent: bool = False) -> None:
        self.backend = backend
        self.sent = sent
        doubt = " Nobody knows whether it was done." if sent else ""
        super().__init__(f"The backend {backend} gave no answer: {problem}.{doubt}")


class BackendAnswerError(RemoteError):
    """What answered speaks another language: a proxy's page, another version, a wrong address.

    Attributes:
        status: HTTP's.
    """

    code = "backend_answer"

    def __init__(self, backend: str, problem: str, status: int = 200) -> None:
        self.backend = backend
        self.status = status
        super().__init__(
            f"The backend {backend} answers, but not as a backend of records does: {problem}. "
            "Check its address and path prefix, and that its configuration has resources."
        )


class CommandRefusedError(RemoteError):
    """The backend refuses a command.

    Attributes:
        model: the model that it was about.
        command: its name.
        refusal: the backend's stable code.
        details: everything that it said.
    """

    code = "command_refused"

    def __init__(
        self, model: str, command: str, refusal: str, message: str, details: Mapping[str, Any]
    ) -> None:
        self.model = model
        self.command = command
        self.refusal = refusal
        self.details = dict(details)
        super().__init__(message or f"The backend refuses {command} of {model} ({refusal}).")
