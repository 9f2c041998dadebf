"""The store that the settings ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.controller.session.cookie_store import CookieSessions

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.controller.session.store import SessionStore


def session_store(configuration: Configuration) -> SessionStore:
    """A store for one request."""
    if configuration.http.session.store == "database":
        # Imported here: most applications keep sessions in cookies.
        from velocious.controller.session.database_store import DatabaseSessions

        return DatabaseSessions(configuration)
    return CookieSessions(configuration)
