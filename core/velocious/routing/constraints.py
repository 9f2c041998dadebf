"""What a request must be like, beyond its path and method, for a route to be its.

Law: a route whose constraints do not hold is not there for that request (404, never 405).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import RoutingError, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.requests import Request

    type Test = Callable[[Request], bool]
    #: Parameter (or ``"host"``, ``"subdomain"``) → what its text must be; or a function of the
    #: request; or several of both.
    type Given = Mapping[str, str | re.Pattern[str]] | Test | Iterable[Given]

#: Keys that speak of the request's host where the path has no parameter of that name.
HOST_KEYS = ("host", "subdomain")
_FEW_LABELS = 2


@dataclass(frozen=True, slots=True)
class Constraints:
    """What must hold.

    Attributes:
        parameters: name → expression that the whole text of the parameter must match.
        host: the host's name: exactly this one, this one and all below it (``".example.com"``), or
            an expression.
        subdomain: what stands before the last two parts of the host's name.
        tests: functions of Starlette's request.
    """

    parameters: Mapping[str, re.Pattern[str]]
    host: str | re.Pattern[str] | None = None
    subdomain: str | re.Pattern[str] | None = None
    tests: tuple[Test, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.parameters or self.tests) or self.speaks_of_host

    @property
    def speaks_of_host(self) -> bool:
        return self.host is not None or self.subdomain is not None

    def within(self, outer: Constraints) -> Constraints:
        """These, and those of *outer* that they do not replace."""
        return Constraints(
            {**outer.parameters, **self.parameters},
            outer.host if self.host is None else self.host,
            outer.subdomain if self.subdomain is None else self.subdomain,
            (*outer.tests, *self.tests),
        )

    def of(self, names: Iterable[str]) -> Constraints:
        """These, without those of parameters that are none of *names*."""
        kept = {name: self.parameters[name] for name in names if name in self.parameters}
        return Constraints(kept, self.host, self.subdomain, self.tests)


NONE = Constraints({})


def parse_constraints(given: Given | None, names: Iterable[str] | None = None) -> Constraints:
    """Constraints from ``constraints=``; *names* are the path's parameters, where they are known.

    Raises:
        RoutingError: one is no expression, or speaks of a parameter that the path does not have.
    """
    if given is None:
        return NONE
    if callable(given):
        return Constraints({}, tests=(given,))
    if isinstance(given, Mapping):
        return _mapping(cast("Mapping[str, Any]", given), None if names is None else list(names))
    found = NONE
    for one in given:
        found = parse_constraints(one, names).within(found)
    return found


def _mapping(given: Mapping[str, Any], names: list[str] | None) -> Constraints:
    own = {key: given[key] for key in HOST_KEYS if key in given and key not in (names or ())}
    rest = {key: value for key, value in given.items() if key not in own}
    for name in rest:
        if names is not None and name not in names:
            raise RoutingError(
                f"constraints= speaks of {name!r}, which is no parameter of the path. "
                f"{suggestion(name, [*names, *HOST_KEYS])}"
            )
    return Constraints(
        {name: _expression(name, value) for name, value in rest.items()},
        _checked(own, "host"),
        _checked(own, "subdomain"),
    )


def _expression(name: str, value: Any) -> re.Pattern[str]:
    if isinstance(value, re.Pattern):
        return cast("re.Pattern[str]", value)
    try:
        return re.compile(value)
    except (re.error, TypeError) as error:
        raise RoutingError(
            f"The constraint of {name!r} is {value!r}, which is no regular expression: {error}."
        ) from error


def _checked(given: Mapping[str, Any], key: str) -> str | re.Pattern[str] | None:
    value = given.get(key)
    if value is None or isinstance(value, (str, re.Pattern)):
        return cast("str | re.Pattern[str] | None", value)
    raise RoutingError(f"The constraint of {key!r} is {value!r}; give a text or an expression.")


def host_fits(constraints: Constraints, host: str) -> bool:
    """Whether the name *host* (without its port) is one that *constraints* mean."""
    name = host.lower().rstrip(".")
    return _is(constraints.host, name, below=True) and _is(constraints.subdomain, subdomain(name))


def subdomain(host: str) -> str:
    """``"api"`` of ``"api.example.com"`` and of ``"api.localhost"``; nothing of an address."""
    labels = host.split(".")
    if ":" in host or labels[-1].isdecimal():
        return ""
    return ".".join(labels[: -1 if labels[-1] == "localhost" else -_FEW_LABELS])


def _is(wanted: str | re.Pattern[str] | None, name: str, *, below: bool = False) -> bool:
    if wanted is None:
        return True
    if isinstance(wanted, re.Pattern):
        return wanted.fullmatch(name) is not None
    wanted = wanted.lower()
    if below and wanted.startswith("."):
        return name == wanted[1:] or name.endswith(wanted)
    return name == wanted
