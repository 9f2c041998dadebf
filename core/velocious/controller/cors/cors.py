"""Applies the rules: answers preflights, and adds the headers that let a page read an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from starlette.responses import Response

from velocious.controller.cors.rule import CorsRule, parse_rule
from velocious.errors import ConfigurationError, OriginNotAllowedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.types import Scope

    from velocious.http_settings import HttpSettings

    type Header = tuple[bytes, bytes]
    #: A function of a request's scope that says which rule it has, if any.
    type RuleFunction = Callable[[Scope], Mapping[str, Any] | None]

ASKED_METHOD = b"access-control-request-method"
ASKED_HEADERS = b"access-control-request-headers"

_VARY_OF_PREFLIGHTS = b", ".join((b"Origin", ASKED_METHOD, ASKED_HEADERS)).decode()


class Cors:
    """The rules of an application, asked in their order; the first that covers a path is the one.

    Raises:
        ConfigurationError: for a rule that makes no sense.
    """

    def __init__(self, given: object) -> None:
        several = isinstance(given, list | tuple)
        self._rules = [
            _parsed(one) for one in (cast("list[object]", given) if several else [given])
        ]

    @staticmethod
    def of(settings: HttpSettings) -> Cors | None:
        """The rules of *settings*; None without any."""
        return None if settings.cors is None else Cors(settings.cors)

    def preflight(self, scope: Scope) -> Response | None:
        """The answer to a preflight; None where the request is none, or nobody has a rule for it.

        Raises:
            OriginNotAllowedError: the page that is about to ask may not.
        """
        if scope["method"] != "OPTIONS":
            return None
        method, origin = _header(scope, ASKED_METHOD), _header(scope, b"origin")
        rule = self._rule(scope)
        if method is None or origin is None or rule is None:
            return None
        names = _names(_header(scope, ASKED_HEADERS) or "")
        if not (rule.origins.take(origin) and rule.permits(method, names)):
            raise OriginNotAllowedError(origin, method, names)
        return Response(status_code=204, headers=_permission(rule))

    def headers(self, scope: Scope) -> list[Header]:
        """The headers that let the page that asked read the answer, whatever it is."""
        rule = self._rule(scope)
        if rule is None:
            return []
        origin = _header(scope, b"origin")
        headers = [] if rule.origins.any else [(b"vary", b"Origin")]
        if origin is None or not rule.origins.take(origin):
            return headers
        shown = "*" if rule.origins.any else origin
        headers.append((b"access-control-allow-origin", shown.encode("latin-1")))
        if rule.credentials:
            headers.append((b"access-control-allow-credentials", b"true"))
        if rule.expose:
            exposed = ", ".join(rule.expose).encode("latin-1")
            headers.append((b"access-control-expose-headers", exposed))
        return headers

    def trusts(self, scope: Scope, origin: str) -> bool:
        """Whether *origin* may change things here: with the visitor's cookies, or without any."""
        rule = self._rule(scope)
        if rule is None or not rule.origins.take(origin):
            return False
        return rule.credentials or _header(scope, b"cookie") is None

    def _rule(self, scope: Scope) -> CorsRule | None:
        for rule in self._rules:
            if not isinstance(rule, CorsRule):
                given = rule(scope)
                if given is not None:
                    return parse_rule(given)
            elif rule.covers(scope["path"]):
                return rule
        return None


def _parsed(given: object) -> CorsRule | RuleFunction:
    if isinstance(given, Mapping):
        return parse_rule(cast("Mapping[str, Any]", given))
    if callable(given):
        return cast("RuleFunction", given)
    raise ConfigurationError(
        f"http['cors'] holds {given!r}; give a rule, a list of rules, or a function that returns "
        'one: {"origins": ["https://app.example.com"], "paths": ["/api/*"]}.'
    )


def _permission(rule: CorsRule) -> dict[str, str]:
    # What says which origin it is for is added to this answer as it is to every other.
    headers = {
        "Access-Control-Allow-Methods": ", ".join(("GET", "HEAD", "POST", *rule.methods)),
        "Access-Control-Max-Age": str(rule.max_age),
        "Vary": _VARY_OF_PREFLIGHTS,
    }
    if rule.headers:
        headers["Access-Control-Allow-Headers"] = ", ".join(rule.headers)
    return headers


def _names(text: str) -> Sequence[str]:
    return [name.strip().lower() for name in text.split(",") if name.strip()]


def _header(scope: Scope, wanted: bytes) -> str | None:
    for name, value in scope["headers"]:
        if name == wanted:
            return value.decode("latin-1")
    return None
