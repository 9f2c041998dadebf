"""``self.session``: values that stay with a visitor from request to request."""

from __future__ import annotations

import secrets
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from velocious.controller.session.private import make_private
from velocious.controller.session.state import SessionState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.responses import Response

    from velocious.configuration import Configuration
    from velocious.controller.cookies import Cookies
    from velocious.controller.session.store import SessionStore


class Session:
    """The visitor's session; what is not in it reads as None.

    ::

        self.session["user_id"] = user.id
        user = await User.find_by(id=self.session["user_id"])
        self.session.renew()        # when somebody signs in or out
        self.reset_session()        # forget everything

    Law: who never asks for it pays nothing: no cookie is opened, none is set.
    """

    def __init__(self, cookies: Cookies, configuration: Configuration, store: SessionStore) -> None:
        self._cookies = cookies
        self._clock = configuration.clock
        self._settings = configuration.http.session
        self._store = store
        self._state: SessionState | None = None
        self._fetched = False
        #: The id and content that the visitor's session had when it came.
        self._came: tuple[str, str] | None = None

    # Reading

    @property
    def id(self) -> str:
        """What this session is called; another name after :meth:`renew`."""
        return self._open().id

    def __getitem__(self, name: str) -> Any:
        return self._open().values.get(name)

    def get(self, name: str, default: Any = None) -> Any:
        """The value called *name*, or *default*."""
        return self._open().values.get(name, default)

    def __contains__(self, name: object) -> bool:
        return name in self._open().values

    def __iter__(self) -> Iterator[str]:
        return iter(self._open().values)

    def __len__(self) -> int:
        return len(self._open().values)

    def to_dict(self) -> dict[str, Any]:
        """A copy of all values."""
        return deepcopy(self._open().values)

    # Writing

    def __setitem__(self, name: str, value: Any) -> None:
        self._open().values[name] = value

    def __delitem__(self, name: str) -> None:
        self._open().values.pop(name, None)

    def pop(self, name: str, default: Any = None) -> Any:
        """Take the value called *name* out; *default* where there is none."""
        return self._open().values.pop(name, default)

    def update(self, values: Mapping[str, Any]) -> None:
        """Set all of *values*."""
        self._open().values.update(values)

    def renew(self) -> None:
        """Go on under another id, with the same values.

        Call it when somebody signs in or out: whoever knew or planted the session before cannot
        use it afterwards, nor forms that were made before.
        """
        state = self._open()
        state.id = secrets.token_urlsafe(24)
        state.made = self._now()
        state.aside.pop("csrf", None)

    def reset(self) -> None:
        """Forget everything, and begin anew."""
        self._open()
        self._state = self._new()

    @property
    def owner(self) -> str | None:
        """Whose session it is, so that :func:`end_sessions` finds it in a table."""
        return self._open().owner

    @owner.setter
    def owner(self, owner: object) -> None:
        self._open().aside["owner"] = str(owner)

    @property
    def aside(self) -> dict[str, Any]:
        """What the framework keeps in it: the flash, the secret behind forms' tokens."""
        return self._open().aside

    # Keeping

    async def fetch(self) -> None:
        """Get the session from where it is kept, so that it can be read at once afterwards."""
        if not self._fetched:
            self._fetched = True
            await self._store.fetch(self._cookies)

    def _open(self) -> SessionState:
        if self._state is None:
            self._state = self._read() or self._new()
        return self._state

    def _read(self) -> SessionState | None:
        state = self._store.read(self._cookies)
        if state is None:
            return None
        self._came = state.id, state.content()
        return None if state.is_over(self._settings, self._now()) else state

    def _new(self) -> SessionState:
        now = self._now()
        return SessionState(now, now)

    async def save(self, response: Response) -> None:
        """Keep it for the next request; *response* is the answer that its cookie goes with."""
        if self._state is not None:
            written = await self._write(self._state)
            make_private(response, sets_cookie=written)

    async def _write(self, state: SessionState) -> bool:
        cookies, now = self._cookies, self._now()
        if not (state.values or state.aside):
            if self._came is not None:
                await self._store.forget(cookies, self._came[0])
            return self._came is not None
        if self._came == (state.id, state.content()) and not state.is_stale(self._settings, now):
            return False
        state.seen = now
        replaced = self._came[0] if self._came and self._came[0] != state.id else None
        await self._store.write(cookies, state, replaced)
        return True

    def _now(self) -> float:
        return self._clock.now().timestamp()
