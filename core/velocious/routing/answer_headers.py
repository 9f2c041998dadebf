"""The headers for safety that every answer gets, unless the application says otherwise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from velocious.controller.answer.header_check import TOKEN
from velocious.controller.csp_nonce import csp_nonce
from velocious.errors import ConfigurationError
from velocious.routing.secure_transport import STRICT_TRANSPORT_SECURITY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import Scope

    from velocious.controller.cors import Cors
    from velocious.http_settings import HttpSettings

    type Header = tuple[bytes, bytes]

DEFAULTS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-opener-policy": "same-origin",
}
#: What stands in ``content_security_policy`` for the request's nonce.
NONCE = "{nonce}"

_POLICY = b"content-security-policy"
_NAME = re.compile(TOKEN)
_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")


class AnswerHeaders:
    """The headers that *settings* add to an answer; made once, before the first request.

    Raises:
        ConfigurationError: for a name or value that no header can have.
    """

    def __init__(self, settings: HttpSettings, cors: Cors | None = None) -> None:
        chosen: dict[str, str | None] = dict(DEFAULTS)
        if settings.force_ssl:
            chosen["strict-transport-security"] = STRICT_TRANSPORT_SECURITY
        chosen.update((name.lower(), value) for name, value in settings.headers.items())
        self._always = [header(name, value) for name, value in chosen.items() if value is not None]
        policy = settings.content_security_policy
        self._policy = None if policy is None else header(_POLICY.decode(), policy)[1]
        self._cors = cors

    def for_json(self, scope: Scope) -> Sequence[Header]:
        """The headers for JSON that has been given none but its type and length."""
        return self._always if self._cors is None else [*self._always, *self._cors.headers(scope)]

    def missing(self, scope: Scope, given: list[Header]) -> list[Header]:
        """The headers that are not among those that the answer has been *given*."""
        names = dict(given)
        added = [header for header in self._always if header[0] not in names]
        if self._policy is not None and _is_html(names) and _POLICY not in names:
            added.append((_POLICY, _with_nonce(self._policy, scope)))
        return added if self._cors is None else [*added, *self._cors.headers(scope)]


def header(name: str, value: object) -> Header:
    """*name* and *value* as an answer's header. Raises ConfigurationError where it can be none."""
    if _NAME.fullmatch(name) is None:
        raise ConfigurationError(
            f"http['headers'] names {name!r}, which no header can be called. Use letters, digits "
            "and -, as in 'Permissions-Policy'."
        )
    if not isinstance(value, str) or _VALUE.fullmatch(value) is None:
        raise ConfigurationError(
            f"The header {name} cannot be {value!r}. Give one line of text, or None to leave the "
            "header out."
        )
    return name.lower().encode("latin-1"), value.encode("latin-1")


def _is_html(headers: dict[bytes, bytes]) -> bool:
    return headers.get(b"content-type", b"").startswith(b"text/html")


def _with_nonce(policy: bytes, scope: Scope) -> bytes:
    place = NONCE.encode()
    if place not in policy:
        return policy
    return policy.replace(place, b"'nonce-" + csp_nonce(scope).encode() + b"'")
