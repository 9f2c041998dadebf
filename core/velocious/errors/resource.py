"""What a backend exposes, and what clients ask of it.

Law: what is not exposed and what does not exist give the same message: nobody learns from an error
what else there is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors.base import suggestion
from velocious.errors.configuration import ConfigurationError
from velocious.errors.request import RequestError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Names of clients are shown no longer than this.
_SHOWN = 100


class ResourceDeclarationError(ConfigurationError):
    """A resource that cannot be served as it is declared."""

    code = "resource_declaration"


class ResourceError(RequestError):
    """A command that a resource does not carry out."""

    code = "resource_error"


class UnknownResourceError(ResourceError):
    """A command for a model that nothing is exposed of."""

    code = "unknown_resource"
    status = 404

    def __init__(self, name: object, known: Iterable[str]) -> None:
        self.name = name
        super().__init__(f"There is no resource {_short(name)}. {_near(name, known)}")


class UnknownResourceCommandError(ResourceError):
    """A command that a resource does not have."""

    code = "unknown_resource_command"
    status = 404

    def __init__(self, resource: str, name: object, known: Iterable[str]) -> None:
        self.resource = resource
        self.name = name
        super().__init__(f"{resource} has no command {_short(name)}. {_near(name, known)}")


class MalformedCommandError(ResourceError):
    """A command in another form than the endpoint speaks."""

    code = "malformed_command"


class NotExposedError(ResourceError):
    """A client named something that the resource does not list for that use.

    Attributes:
        resource: its name.
        name: what the client named.
        use: what for: ``"filter by"``, ``"sort by"``, ``"read"``, ``"pluck"``, ``"follow"``.
    """

    code = "not_exposed"

    def __init__(self, resource: str, name: object, use: str, known: Iterable[str]) -> None:
        self.resource = resource
        self.name = name
        self.use = use
        super().__init__(f"{resource} has no {_short(name)} to {use}. {_near(name, known)}")


class NotWritableError(ResourceError):
    """A client sent attributes that it may not write.

    Attributes:
        names: they.
    """

    code = "not_writable"
    status = 422

    def __init__(self, resource: str, names: Iterable[str], known: Iterable[str]) -> None:
        self.resource = resource
        self.names = sorted(names)
        few = ", ".join(map(_short, self.names[:5]))
        super().__init__(
            f"{resource} takes no {few} in this command. {_near(self.names[0], known)}"
        )

    def to_data(self) -> dict[str, Any]:
        mistake = {"code": "not_writable", "message": "cannot be written"}
        return {**super().to_data(), "errors": {name: [mistake] for name in self.names}}


class InvalidArgumentsError(ResourceError):
    """A command was given arguments that it does not take.

    Attributes:
        errors: name → the code and the message of each mistake.
    """

    code = "invalid_arguments"
    status = 422

    def __init__(self, command: str, errors: Mapping[str, tuple[str, str]]) -> None:
        self.command = command
        self.errors = dict(errors)
        said = "; ".join(f"{_short(name)} {text}" for name, (_, text) in self.errors.items())
        super().__init__(f"The command {command!r} was not run: {said}.")

    def to_data(self) -> dict[str, Any]:
        errors = {
            name: [{"code": code, "message": text}] for name, (code, text) in self.errors.items()
        }
        return {**super().to_data(), "errors": errors}


class RawQueryRefusedError(ResourceError):
    """A client sent SQL."""

    code = "raw_query_refused"

    def __init__(self) -> None:
        super().__init__("SQL is taken from nobody. Write the query with attributes.")


class ResourceLimitError(ResourceError):
    """A command that asks for more than a resource, or the endpoint, gives at a time.

    Attributes:
        what: ``"page_size"``, ``"batch"``, ``"depth"``, ``"conditions"`` and so on.
        limit: how much it is.
    """

    code = "resource_limit"
    status = 413

    def __init__(self, what: str, limit: int, problem: str) -> None:
        self.what = what
        self.limit = limit
        super().__init__(problem)

    def to_data(self) -> dict[str, Any]:
        return {**super().to_data(), "limit": self.limit, "what": self.what}


class CommandHaltedError(ResourceError):
    """A hook of the resource stopped the command."""

    code = "command_halted"
    status = 403


def _short(name: object) -> str:
    text = repr(name)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _near(name: object, known: Iterable[str]) -> str:
    if not isinstance(name, str) or len(name) > _SHOWN:
        return "It takes another name."
    return suggestion(name, known)
