"""Fills the parameters of a path with values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from velocious.errors import UrlError
from velocious.routing.parameter_types import TYPES
from velocious.routing.path import Parameter, pieces
from velocious.routing.url_value import value_text

if TYPE_CHECKING:
    from velocious.routing.names import NamedPath

_DOTS = frozenset({".", ".."})


class UrlTemplate:
    """The path of one named route, cut into pieces."""

    def __init__(self, name: str, named: NamedPath) -> None:
        self.named = named
        self._name = name
        self._pieces = [
            quote(one, safe="/:@!$&'()*+,;=") if isinstance(one, str) else one
            for one in pieces(named.path)
        ]
        self._fixed = "".join(one for one in self._pieces if isinstance(one, str))
        self._parameters = [one for one in self._pieces if isinstance(one, Parameter)]

    def fill(self, values: tuple[Any, ...], more: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """The path, and what of *more* is no parameter of it.

        Raises:
            UrlError: a value is missing, or one that the route would not match.
        """
        if not self._parameters and not values:
            return self._fixed, more
        given, rest = self._assigned(values, more)
        path = "".join(
            self._encoded(piece, given[piece.name]) if isinstance(piece, Parameter) else piece
            for piece in self._pieces
        )
        if path.startswith("//") or not _DOTS.isdisjoint(path.split("/")):
            raise UrlError(
                f"{self._helper} would write {path!r}, which browsers read as another path or "
                'another host. A value may not be "." or ".." or begin with a slash.'
            )
        return path, rest

    @property
    def _helper(self) -> str:
        return f"{self._name}_path({', '.join(one.name for one in self._parameters)})"

    def _assigned(
        self, values: tuple[Any, ...], more: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        rest = dict(more)
        given = {one.name: rest.pop(one.name) for one in self._parameters if one.name in rest}
        open_names = [one.name for one in self._parameters if one.name not in given]
        if len(values) > len(open_names):
            raise UrlError(
                f"{self._helper} was given {len(values)} values for {len(open_names)} parameters. "
                "Give what belongs into the query by name."
            )
        missing = open_names[len(values) :]
        if missing:
            raise UrlError(
                f"{self._helper} is missing {' and '.join(map(repr, missing))}, for the path "
                f"{self.named.path}."
            )
        return {**given, **dict(zip(open_names, values, strict=False))}, rest

    def _encoded(self, parameter: Parameter, value: Any) -> str:
        text = value_text(value, f"{parameter.name!r} of {self._helper}")
        rule = self.named.constraints.parameters.get(parameter.name)
        fits = TYPES[parameter.type].fits(text) and (rule is None or rule.fullmatch(text))
        # A segment may hold a slash, encoded; its type only says that it ends at one.
        if not fits and not (parameter.type == "str" and text and rule is None):
            wanted = f"of the type {parameter.type!r}" if rule is None else f"like {rule.pattern!r}"
            raise UrlError(
                f"{parameter.name!r} of {self._helper} is {text!r}, which is not {wanted}."
            )
        return quote(text, safe="/" if parameter.type == "path" else "")
