"""Checks the headers of a request that may change something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.controller.cors import Cors
from velocious.controller.cors.origins import Origins
from velocious.errors import ForgeryError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from velocious.configuration import Configuration
    from velocious.controller.controller import Controller

#: Methods that change nothing, by the contract of HTTP.
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

#: What a page of another site may post without anybody being asked: forms of HTML, and bytes that
#: are of no type.
_FORMS = frozenset({"", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain"})
_OURS = frozenset({b"same-origin", b"none"})
_PORTS = {"http": ":80", "https": ":443"}
#: A page has one origin, whether it asks or opens a socket.
_PAGES = {"ws": "http", "wss": "https"}


def forgery_guard(
    configuration: Configuration, controller_class: type[Controller], action: str
) -> ForgeryGuard | None:
    """The guard of *action*; None where it is not protected.

    Raises:
        RoutingError: the controller's declaration names an action that it has not.
        ConfigurationError: an origin that may post is none.
    """
    protection = controller_class.forgery_protection
    named = [name for name in dir(controller_class) if not name.startswith("_")]
    protection.check_names(controller_class.__name__, named)
    if not protection.guards(action):
        return None
    trusted = Origins([*configuration.http.trusted_origins, *protection.origins])
    return ForgeryGuard(trusted, Cors.of(configuration.http))


def guarded_mount(app: ASGIApp, configuration: Configuration) -> ASGIApp:
    """*app* without the changes that pages of other sites ask for. Its forms bring no token that
    we know: what a browser says nothing about is left to it.
    """
    guard = ForgeryGuard(
        Origins([*configuration.http.trusted_origins]), Cors.of(configuration.http)
    )

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE:
            guard.needs_token(scope)
        await app(scope, receive, send)

    return guarded


class ForgeryGuard:
    """The check of one action; made once, before the first request."""

    def __init__(self, trusted: Origins, cors: Cors | None) -> None:
        self._trusted = trusted
        self._cors = cors

    def needs_token(self, scope: Scope) -> bool:
        """Whether only a token can show that a page of ours sends the request.

        Raises:
            ForgeryError: a page of another site sends it.
        """
        headers: dict[bytes, bytes] = dict(scope["headers"])
        site, origin = headers.get(b"sec-fetch-site"), headers.get(b"origin")
        if site in _OURS:
            return False
        if origin is None and site is None:
            # Any other method is asked for beforehand, and a page of another site is refused.
            simple = scope.get("method") == "POST" or b"content-type" in headers
            return simple and b"cookie" in headers and is_form(scope)
        shown = "" if origin is None else origin.decode("latin-1")
        own = _own_origin(scope, headers)
        # A browser that says where a request comes from has the last word on what is ours.
        if (site is None and shown == own) or self._trusts(scope, shown):
            return False
        facts = f"Origin: {shown[:200]}, own origin: {own}"
        if site is not None:
            facts = f"Sec-Fetch-Site: {site.decode('latin-1')[:100]}, {facts}"
        raise _forgery(facts, _hint(shown, own))

    def _trusts(self, scope: Scope, origin: str) -> bool:
        if self._trusted.take(origin):
            return True
        return self._cors is not None and self._cors.trusts(scope, origin) and _is_asked(scope)


def _own_origin(scope: Scope, headers: dict[bytes, bytes]) -> str:
    scheme: str = scope.get("scheme", "http")
    scheme = _PAGES.get(scheme, scheme)
    host = headers.get(b"host", b"").decode("latin-1").lower()
    return f"{scheme}://{host.removesuffix(_PORTS.get(scheme, ''))}"


def _is_asked(scope: Scope) -> bool:
    """Whether a script asks, as rules for other sites allow. A form that is posted is no question,
    needs no cookie to sign a visitor in as somebody else, and is allowed by no such rule.
    """
    headers: dict[bytes, bytes] = dict(scope["headers"])
    mode = headers.get(b"sec-fetch-mode")
    if mode is None:
        # A browser of before 2023: a question that changes nothing is none of a form.
        return b"cookie" in headers or scope.get("method") in SAFE or not is_form(scope)
    return mode != b"navigate"


def _hint(origin: str, own: str) -> str:
    if origin.partition("://")[2] != own.partition("://")[2]:
        return ""
    return (
        " The two differ in http and https only: if a proxy ends HTTPS, list it in "
        'Configuration(http={"trusted_proxies": […]}).'
    )


def is_form(scope: Scope) -> bool:
    """Whether a page of another site may send such a body without a preflight."""
    content_type: bytes = dict(scope["headers"]).get(b"content-type", b"")
    return content_type.decode("latin-1").partition(";")[0].strip().lower() in _FORMS


def _forgery(facts: str, hint: str) -> ForgeryError:
    return ForgeryError(
        f"This request changes something, and a page of another site sent it ({facts}). Only pages "
        f'of this application may, and sites listed in http={{"trusted_origins": […]}}.{hint}'
    )
