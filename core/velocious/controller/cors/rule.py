"""A rule: what the pages of some other sites may do with some paths."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from velocious.controller.cors.origins import Origins
from velocious.errors import ConfigurationError, UnknownOptionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class CorsRule:
    """What some origins may do.

    Attributes:
        origins: ``"https://app.example.com"``, ``"https://*.example.com"``, ``"*"``, or a function
            that is asked with the origin.
        paths: those it is about; ``"/api/*"`` has all below ``/api/``.
        methods: what may be asked beside GET, HEAD and POST, which browsers always may.
        headers: of the request, beside those that browsers may always send.
        expose: headers of the answer that scripts may read.
        credentials: whether cookies are sent along, and the answer may be read then.
        max_age: seconds a browser may keep what it was told.
    """

    origins: Origins
    paths: Sequence[str] = ("/*",)
    methods: Sequence[str] = ()
    headers: Sequence[str] = ()
    expose: Sequence[str] = ()
    credentials: bool = False
    max_age: int = 600

    def covers(self, path: str) -> bool:
        """Whether it is about *path*."""
        return any(
            path.startswith(one[:-1]) if one.endswith("*") else path == one for one in self.paths
        )

    def permits(self, method: str, headers: Sequence[str]) -> bool:
        """Whether a script may ask with *method* and *headers* (their names in small letters)."""
        known = {"GET", "HEAD", "POST", *self.methods}
        return method in known and {*headers} <= {name.lower() for name in self.headers}


OPTIONS = tuple(one.name for one in fields(CorsRule))


def parse_rule(given: Mapping[str, Any]) -> CorsRule:
    """The rule that *given* describes.

    Raises:
        UnknownOptionError: for a key that nobody reads.
        ConfigurationError: for what makes no sense, or would give credentials to everybody.
    """
    for name in given:
        if name not in OPTIONS:
            raise UnknownOptionError("A CORS rule", name, OPTIONS)
    if "origins" not in given:
        raise ConfigurationError(
            "A CORS rule names no origins. Say which sites it is for: "
            '{"origins": ["https://app.example.com"]}.'
        )
    for name in ("paths", "methods", "headers", "expose"):
        if isinstance(given.get(name), str):
            raise ConfigurationError(f"A CORS rule's {name} is {given[name]!r}; give a list.")
    options: dict[str, Any] = {**given, "origins": Origins(given["origins"])}
    rule = CorsRule(**options)
    if rule.credentials and rule.origins.any:
        raise ConfigurationError(
            'A CORS rule allows credentials to every origin ("*"): any site could act for whoever '
            "is signed in. List the origins that are yours."
        )
    return rule
