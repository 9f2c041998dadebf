"""``cookies.signed`` and ``cookies.encrypted``: any JSON, with the time until it is good."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any, Unpack

from velocious.controller.cookies.attributes import LARGEST
from velocious.errors import CookieError

if TYPE_CHECKING:
    from velocious.clock import Clock
    from velocious.controller.cookies.attributes import CookieOptions
    from velocious.controller.cookies.cookies import Cookies
    from velocious.controller.cookies.sealing import Sealing

logger = logging.getLogger("velocious.http")


class SealedCookies:
    """Cookies through a *sealing*. What was changed, moved here from another cookie, or has expired
    reads as None, as if it had not come.
    """

    def __init__(self, cookies: Cookies, sealing: Sealing, clock: Clock) -> None:
        self._cookies = cookies
        self._sealing = sealing
        self._clock = clock

    def __getitem__(self, name: str) -> Any:
        return self.get(name)

    def get(self, name: str, default: Any = None) -> Any:
        """The value of the cookie called *name*, or *default*."""
        text = self._cookies[name]
        if text is None:
            return default
        data = self._sealing.open(name, text) if len(text) <= LARGEST else None
        if data is None:
            logger.debug("the cookie %r was not made here, or was changed: left out", name)
            return default
        value, until = json.loads(data)
        if until is not None and self._clock.now().timestamp() >= until:
            logger.debug("the cookie %r has expired: left out", name)
            return default
        return value

    def __contains__(self, name: str) -> bool:
        missing = object()
        return self.get(name, missing) is not missing

    def __setitem__(self, name: str, value: Any) -> None:
        self.set(name, value)

    def set(self, name: str, value: Any, **options: Unpack[CookieOptions]) -> None:
        """Set a cookie to any JSON *value*; the options are those of plain cookies.

        Raises:
            CookieError: *value* is no JSON, or no browser would keep the cookie.
        """
        until = self._cookies.attributes(options).until(self._clock.now())
        data = _json(name, [value, None if until is None else until.timestamp()])
        self._cookies.set(name, self._sealing.seal(name, data), **options)

    def __delitem__(self, name: str) -> None:
        del self._cookies[name]

    def delete(self, name: str, *, path: str = "/", domain: str | None = None) -> None:
        """Have the browser forget a cookie; *path* and *domain* are those it was set with."""
        self._cookies.delete(name, path=path, domain=domain)


def _json(name: str, payload: list[Any]) -> bytes:
    try:
        text = json.dumps(payload, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
        return text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise CookieError(
            f"The cookie {name!r} cannot hold this: {error}. Give texts, numbers, booleans, None, "
            "lists and dictionaries of them."
        ) from error
