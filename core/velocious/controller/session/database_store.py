"""Sessions in a table: of any size, and ended from here."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from velocious.controller.session.cookie import cookie_name, cookie_options
from velocious.controller.session.row import digest_of, session_rows
from velocious.controller.session.state import SessionState

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.controller.cookies import Cookies

_ID = re.compile(r"[A-Za-z0-9_-]{32}")


class DatabaseSessions:
    """Keeps a session as a row; its cookie holds the row's key and nothing else."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._settings = configuration.http.session
        self._state: SessionState | None = None

    async def fetch(self, cookies: Cookies) -> None:
        """Read the row that the request's cookie names."""
        id = cookies[cookie_name(self._configuration, cookies)]
        if id is None or _ID.fullmatch(id) is None:
            return
        found = await (await self._rows()).where(digest=digest_of(id)).pluck("content")
        if found:
            self._state = SessionState.from_data([id, *json.loads(found[0])])

    def read(self, cookies: Cookies) -> SessionState | None:
        return self._state

    async def write(self, cookies: Cookies, state: SessionState, replaced: str | None) -> None:
        rows = await self._rows()
        if self._state is not None and replaced is None:
            # Where the row is gone, somebody ended the session meanwhile: it does not come back.
            await rows.where(digest=digest_of(state.id)).update_all(self._columns(state))
        else:
            await rows.create(digest=digest_of(state.id), **self._columns(state))
            await self._clear(rows, replaced)
        name = cookie_name(self._configuration, cookies)
        options = cookie_options(self._settings, state.made, state.seen)
        cookies.set(name, state.id, **options)

    async def forget(self, cookies: Cookies, id: str) -> None:
        await (await self._rows()).where(digest=digest_of(id)).delete_all()
        name = cookie_name(self._configuration, cookies)
        cookies.delete(name, path=self._settings.path, domain=self._settings.domain)

    async def _clear(self, rows: Any, replaced: str | None) -> None:
        if replaced is not None:
            await rows.where(digest=digest_of(replaced)).delete_all()
        # With each new session the old ones go: nobody has to clear the table.
        await rows.where(rows.ends_at < self._configuration.clock.now()).delete_all()

    def _columns(self, state: SessionState) -> dict[str, Any]:
        content = json.dumps(state.to_data()[1:], separators=(",", ":"))
        ends = state.ends(self._settings)
        return {
            "content": content,
            "owner": state.owner,
            "ends_at": None if ends is None else datetime.fromtimestamp(ends, UTC),
        }

    async def _rows(self) -> Any:
        return await session_rows(self._settings.database)
