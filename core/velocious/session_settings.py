"""``SessionSettings``: what ``Configuration(http={"session": {…}})`` says about sessions.

Law: an unknown key raises, and every default is the safe one.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, cast

from velocious.errors import ConfigurationError, UnknownOptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

STORES = ("cookie", "database")
SAME_SITE = ("lax", "strict", "none")
DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSettings:
    """Where sessions are kept, and for how long.

    Attributes:
        store: ``"cookie"``: encrypted in the cookie itself; ``"database"``: in a table, the cookie
            only holds a key.
        name: the cookie's; ``<application>_session`` by default, with ``__Host-`` before it over
            HTTPS.
        max_age: seconds after which a session ends in any case; None: when the browser is closed.
        idle_timeout: seconds without a request after which it ends; None: never by that.
        same_site: whether other sites' pages send it: ``"lax"``, ``"strict"`` or ``"none"``.
        domain: the domain with all below it that shares it; None: this host alone.
        path: the path below which it is sent.
        database: which database has the table.
    """

    store: Literal["cookie", "database"] = "cookie"
    name: str | None = None
    max_age: float | None = None
    idle_timeout: float | None = 14 * DAY
    same_site: Literal["lax", "strict", "none"] = "lax"
    domain: str | None = None
    path: str = "/"
    database: str = "default"


OPTIONS = tuple(one.name for one in fields(SessionSettings))


def parse_session_settings(given: object) -> SessionSettings:
    """Settings from a mapping.

    Raises:
        UnknownOptionError: for a key that nobody reads.
        ConfigurationError: for a value that makes no sense.
    """
    if isinstance(given, SessionSettings):
        return given
    options = dict(cast("Mapping[str, Any]", given))
    for name in options:
        if name not in OPTIONS:
            raise UnknownOptionError("http['session']", name, OPTIONS)
    for name in ("max_age", "idle_timeout"):
        if isinstance(options.get(name), timedelta):
            options[name] = options[name].total_seconds()
        if options.get(name) is not None and not _is_time(options[name]):
            raise ConfigurationError(
                f"http['session'][{name!r}] is {options[name]!r}; give seconds, or a timedelta, of "
                "more than zero."
            )
    for name, known in (("store", STORES), ("same_site", SAME_SITE)):
        if options.get(name, known[0]) not in known:
            raise ConfigurationError(
                f"http['session'][{name!r}] is {options[name]!r}; choose one of "
                f"{', '.join(map(repr, known))}."
            )
    return SessionSettings(**options)


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0
