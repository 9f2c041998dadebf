"""What a request must pass before anything is looked up for it: proxies, host, HTTPS, preflights.

Law: what the settings do not ask for is not there: a request pays only for the host's check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.controller.cors import Cors
from velocious.controller.cors.origins import Origins
from velocious.controller.csrf.guard import ForgeryGuard
from velocious.errors import ForgeryError, RequestError
from velocious.routing.hosts import hosts_of
from velocious.routing.proxies import TrustedProxies
from velocious.routing.secure_transport import to_https

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Scope, Send

    from velocious.configuration import Configuration


class Gate:
    """The gate of an application; its settings are read once.

    Attributes:
        cors: the rules for other sites; None without any.

    Raises:
        ConfigurationError: the settings say something that makes no sense.
    """

    def __init__(self, configuration: Configuration) -> None:
        settings = configuration.http
        self._hosts = hosts_of(configuration)
        self._proxies = TrustedProxies(settings.trusted_proxies)
        self._has_proxies = bool(settings.trusted_proxies)
        self._force_ssl = settings.force_ssl
        # Whatever watches the process asks by its address and over plain HTTP.
        self._watched = {path for path in (settings.health, settings.readiness) if path}
        self.cors = Cors.of(settings)
        self._pages = ForgeryGuard(Origins([*settings.trusted_origins]), self.cors)

    def pass_through(self, scope: Scope) -> Response | None:
        """Let a request pass; or its answer, where it has one already.

        Raises:
            RequestError: it may not pass.
        """
        if self._has_proxies:
            self._proxies.apply(scope)
        self._hosts.check(scope, self._watched)
        if self._force_ssl and scope["path"] not in self._watched:
            answer = to_https(scope)
            if answer is not None:
                return answer
        return None if self.cors is None else self.cors.preflight(scope)

    async def refuses_socket(self, scope: Scope, send: Send) -> bool:
        """Whether a websocket may not pass; then it has been closed, which is 403 for the client.
        Nothing of the application has run.
        """
        if self._has_proxies:
            self._proxies.apply(scope)
        try:
            self._hosts.check(scope)
            # Browsers let every page open a socket anywhere, and send the cookies along.
            self._pages.needs_token(scope)
            _check_where_from(scope)
        except RequestError:
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
            return True
        return False


def _check_where_from(scope: Scope) -> None:
    """Raise ForgeryError where cookies come along, and nobody says from which page.

    Every browser says it. Programs that do not have a token, or no cookies.
    """
    headers: dict[bytes, bytes] = dict(scope["headers"])
    said = b"origin" in headers or b"sec-fetch-site" in headers
    if b"cookie" not in headers or said:
        return
    if not headers.get(b"authorization", b"").lower().startswith(b"bearer "):
        raise ForgeryError(
            "A websocket with cookies came without an Origin. Browsers send one; other programs "
            "authenticate with a token: Authorization: Bearer …"
        )
