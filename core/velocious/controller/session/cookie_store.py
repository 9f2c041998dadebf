"""Sessions in the cookie itself, encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.controller.session.cookie import cookie_name, cookie_options
from velocious.controller.session.state import SessionState
from velocious.errors import CookieError

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.controller.cookies import Cookies

#: Bytes of JSON that are certain to fit into a cookie with all around them.
LARGEST = 2800


class CookieSessions:
    """Keeps a session with its visitor: no table, no look into a database, on every machine alike.

    It cannot be ended from here: whoever copied the cookie has the session until it is over.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration

    async def fetch(self, cookies: Cookies) -> None:
        """All there is has come with the request."""

    def read(self, cookies: Cookies) -> SessionState | None:
        return SessionState.from_data(cookies.encrypted[cookie_name(self._configuration, cookies)])

    async def write(self, cookies: Cookies, state: SessionState, replaced: str | None) -> None:
        size = len(state.content())
        if size > LARGEST:
            raise CookieError(
                f"The session has {size:,} bytes; {LARGEST:,} fit into its cookie. Keep ids in it "
                "and the rest in records, or keep sessions in a table: "
                'Configuration(http={"session": {"store": "database"}}).'
            )
        name = cookie_name(self._configuration, cookies)
        options = cookie_options(self._configuration.http.session, state.made, state.seen)
        cookies.encrypted.set(name, state.to_data(), **options)

    async def forget(self, cookies: Cookies, id: str) -> None:
        settings = self._configuration.http.session
        name = cookie_name(self._configuration, cookies)
        cookies.delete(name, path=settings.path, domain=settings.domain)
