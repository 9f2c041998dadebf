"""The session of whoever opens a connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.realtime.asgi.upgrades import upgrade_of

if TYPE_CHECKING:
    from starlette.types import Scope

    from velocious.configuration import Configuration
    from velocious.controller.session import Session
    from velocious.realtime.upgrade import Upgrade

#: A cookie's name may depend on the scheme of the page.
_PAGES = {"ws": "http", "wss": "https"}


class SessionOpener:
    """Opens a session once, when it is first asked for."""

    def __init__(self, configuration: Configuration, scope: Scope) -> None:
        self._configuration = configuration
        self._scope = scope
        self._session: Session | None = None

    async def __call__(self) -> Session:
        if self._session is None:
            # Imported here: connections that ask for no session need none of it.
            from velocious.controller.cookies import Cookies
            from velocious.controller.session import Session
            from velocious.controller.session.stores import session_store

            scheme = self._scope.get("scheme", "http")
            scope = {**self._scope, "scheme": _PAGES.get(scheme, scheme)}
            configuration = self._configuration
            cookies = Cookies(scope, configuration)
            session = Session(cookies, configuration, session_store(configuration))
            await session.fetch()
            self._session = session
        return self._session


def read_upgrade(configuration: Configuration, scope: Scope) -> Upgrade:
    """What the upgrade hook gets for *scope*."""
    return upgrade_of(scope, SessionOpener(configuration, scope))
