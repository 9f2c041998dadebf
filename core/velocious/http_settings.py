"""``HttpSettings``: what ``Configuration(http={…})`` says about requests.

Law: an unknown key raises, and every default is the safe one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from velocious.errors import ConfigurationError, UnknownOptionError
from velocious.session_settings import SessionSettings, parse_session_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    #: Asked before the drawn routes; see ``velocious.routing.hooks``.
    type RouteHook = Callable[..., Any]
    #: Wraps every action; see :class:`HttpSettings`.
    type AroundAction = Callable[..., Any]

MEGABYTE = 1024 * 1024
_BASE_URL = re.compile(r"https?://[^/?#\s\\]+(/[^?#\s\\]*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """How an application answers requests.

    Attributes:
        hosts: names the application answers to (``"example.com"``, ``".example.com"`` with all
            below it, ``"*"`` for any). Empty: this machine's names and addresses in development;
            any other server insists on it being said.
        trusted_proxies: addresses and networks whose ``X-Forwarded-*`` headers are believed
            (``"unix"``: whoever asks through a Unix socket).
        base_url: what ``…_url`` helpers begin with (``"https://example.com"``, with the path that
            the application is mounted at); None: the host that a request asked for.
        force_ssl: redirect plain HTTP, send Strict-Transport-Security, mark cookies secure.
        headers: sent with every answer unless the action says otherwise; None removes a default.
        content_security_policy: the policy of HTML answers, ``{nonce}`` in it stands for the
            request's nonce; None sends none.
        cors: a rule, a list of rules or a function that returns one, for pages of other sites (see
            ``velocious.controller.cors``); None allows none.
        trusted_origins: other sites whose forms may post here, such as ``"https://pay.example"``.
        session: options of the session and its cookie (see
            :class:`velocious.session_settings.SessionSettings`).
        body_limit: bytes a body may have that is read into ``params``.
        upload_limit: bytes one uploaded file may have.
        file_limit: files one request may bring.
        parameter_limit: names a query or a form may have.
        openapi: what `velocious openapi` says of the application: ``title``, ``version``,
            ``description`` and ``servers``.
        timeout: seconds an action may take; None for any time.
        log_parameters: names whose values are not logged, beside those that sound secret.
        health: path that says whether the process lives; None for none.
        readiness: path that says whether the application can answer (its databases are reached).
        route_hooks: asked for an action before the drawn routes are.
        around_action: called with ``request``, ``response`` and ``next`` around every action.
    """

    hosts: Sequence[str] = ()
    base_url: str | None = None
    trusted_proxies: Sequence[str] = ()
    force_ssl: bool = False
    headers: Mapping[str, str | None] = field(default_factory=dict[str, "str | None"])
    content_security_policy: str | None = None
    cors: Mapping[str, Any] | Sequence[Any] | Callable[..., Any] | None = None
    trusted_origins: Sequence[str] = ()
    session: SessionSettings = field(default_factory=SessionSettings)
    body_limit: int = MEGABYTE
    upload_limit: int = 100 * MEGABYTE
    file_limit: int = 20
    parameter_limit: int = 4096
    openapi: Mapping[str, Any] = field(default_factory=dict[str, Any])
    timeout: float | None = 60.0
    log_parameters: Sequence[str] = ()
    health: str | None = "/up"
    readiness: str | None = "/ready"
    route_hooks: Sequence[RouteHook] = ()
    around_action: AroundAction | None = None


OPTIONS = tuple(one.name for one in fields(HttpSettings))


def parse_http_settings(given: Mapping[str, Any] | HttpSettings | None) -> HttpSettings:
    """Settings from ``Configuration(http=…)``.

    Raises:
        UnknownOptionError: for a key that nobody reads.
        ConfigurationError: for a value that makes no sense.
    """
    settings = given if isinstance(given, HttpSettings) else _settings(dict(given or {}))
    _check(settings)
    return settings


def _settings(options: dict[str, Any]) -> HttpSettings:
    for name in options:
        if name not in OPTIONS:
            raise UnknownOptionError("Configuration(http={…})", name, OPTIONS)
    if "session" in options:
        options["session"] = parse_session_settings(options["session"])
    return HttpSettings(**options)


def _check(settings: HttpSettings) -> None:
    for name in ("hosts", "trusted_proxies", "trusted_origins", "log_parameters", "route_hooks"):
        if isinstance(getattr(settings, name), str):
            raise ConfigurationError(
                f"http[{name!r}] is {getattr(settings, name)!r}; give a list of them."
            )
    _check_base_url(settings.base_url)
    for name in ("body_limit", "upload_limit", "file_limit", "parameter_limit"):
        _check_positive(name, getattr(settings, name), int)
    if settings.timeout is not None:
        _check_positive("timeout", settings.timeout, (int, float))


def _check_positive(name: str, value: Any, kind: type | tuple[type, ...]) -> None:
    if not isinstance(value, kind) or not value > 0:
        raise ConfigurationError(f"http[{name!r}] is {value!r}; give a number above 0.")


def _check_base_url(given: Any) -> None:
    if given is None or (isinstance(given, str) and _BASE_URL.fullmatch(given)):
        return
    raise ConfigurationError(
        f"http['base_url'] is {given!r}; give the address that people type, like "
        "'https://example.com' or 'https://example.com/shop'."
    )
