"""What a path and a method lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from velocious.routing.constraints import NONE, host_fits
from velocious.routing.parameter_types import TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.types import ASGIApp, Scope

    from velocious.routing.constraints import Constraints
    from velocious.routing.path import Parameter


class Entry:
    """One way to answer a path.

    Attributes:
        endpoint: the ASGI application that answers.
        elsewhere: it only says where else the answer is: what is here comes first.
    """

    __slots__ = ("_constraints", "_defaults", "_parameters", "elsewhere", "endpoint")

    def __init__(
        self,
        endpoint: ASGIApp,
        parameters: Sequence[Parameter] = (),
        constraints: Constraints = NONE,
        defaults: Mapping[str, Any] | None = None,
        *,
        elsewhere: bool = False,
    ) -> None:
        self.endpoint = endpoint
        self.elsewhere = elsewhere
        self._parameters = [(one.name, TYPES[one.type].convert) for one in parameters]
        self._constraints = constraints or None
        self._defaults = dict(defaults or {})

    def parameters(self, texts: Sequence[str], scope: Scope) -> dict[str, Any] | None:
        """The parameters of a request whose path has *texts* in their places; None where it is
        not for this entry.
        """
        if self._constraints is not None and not _hold(
            self._constraints, self._texts(texts), scope
        ):
            return None
        found = self._defaults.copy()
        try:
            for at, (name, convert) in enumerate(self._parameters):
                found[name] = texts[at] if convert is None else convert(texts[at])
        except ValueError:
            # An integer of thousands of digits is no integer to Python.
            return None
        return found

    @property
    def is_plain(self) -> bool:
        """Whether every request that comes here is for it, without parameters."""
        return not self._parameters and not self._defaults and self._constraints is None

    def _texts(self, texts: Sequence[str]) -> dict[str, str]:
        return {name: text for (name, _), text in zip(self._parameters, texts, strict=True)}


def _hold(constraints: Constraints, texts: Mapping[str, str], scope: Scope) -> bool:
    for name, pattern in constraints.parameters.items():
        if pattern.fullmatch(texts[name]) is None:
            return False
    if constraints.speaks_of_host and not host_fits(constraints, host_of(scope)):
        return False
    if not constraints.tests:
        return True
    request = Request({**scope, "type": "http", "path_params": dict(texts)})
    return all(test(request) for test in constraints.tests)


def host_of(scope: Scope) -> str:
    """The host's name that a request asked for, without the port."""
    for name, value in scope["headers"]:
        if name == b"host":
            host = value.decode("latin-1")
            return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return ""
