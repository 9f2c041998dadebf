"""Ends sessions from here: everywhere that somebody is signed in."""

from __future__ import annotations

from velocious import current
from velocious.controller.session.row import session_rows
from velocious.errors import ConfigurationError


async def end_sessions(owner: object) -> int:
    """End all sessions whose ``session.owner`` is *owner*; how many there were.

    ::

        self.session.owner = user.id                # when somebody signs in
        await end_sessions(user.id)                 # when the password was changed

    Raises:
        ConfigurationError: sessions are kept in cookies, which nobody can take back.
    """
    settings = current.configuration().http.session
    if settings.store != "database":
        raise ConfigurationError(
            "Sessions are kept in cookies, so none can be ended from here. Keep them in a table: "
            'Configuration(http={"session": {"store": "database"}}).'
        )
    rows = await session_rows(settings.database)
    return await rows.where(owner=str(owner)).delete_all()
