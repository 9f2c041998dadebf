"""The cookies of the application that runs in this browser.

Law: the browser's own cookies, which belong to the server, are neither read nor written; a browser
drops ``Set-Cookie`` of an answer that a service worker made, so they are kept here.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from velocious_browser.http.cookie import Cookie, parse_cookie

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.clock import Clock

#: Cookies that are kept; the oldest goes first.
MOST = 180
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class CookieJar:
    """Cookies of one origin."""

    def __init__(self, clock: Clock, cookies: Iterable[Cookie] = ()) -> None:
        self._clock = clock
        self._cookies = {cookie.key: cookie for cookie in cookies}

    def header(self, path: str, *, method: str = "GET", cross_site: bool = False) -> str:
        """The ``Cookie`` header of a request for *path*; empty where there is none.

        Arguments:
            cross_site: another site sent the person here.
        """
        if not self._cookies:
            return ""
        now = self._now()
        sent = [
            cookie
            for cookie in self._cookies.values()
            if cookie.fits(path)
            and not cookie.is_gone(now)
            and (not cross_site or _may_cross(cookie, method))
        ]
        sent.sort(key=lambda cookie: (-len(cookie.path), cookie.made))
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in sent)

    def store(self, headers: Iterable[str], *, host: str, path: str) -> bool:
        """Keep what an answer to a request for *path* sets; whether anything changed."""
        before = dict(self._cookies)
        now = self._now()
        for header in headers:
            cookie = parse_cookie(header, host, path, now)
            if cookie is not None:
                self._keep(cookie, now)
        return before != self._cookies

    def clear(self) -> None:
        """Forget all cookies."""
        self._cookies.clear()

    def to_data(self) -> list[dict[str, Any]]:
        """What :meth:`from_data` reads; cookies that expired are left out."""
        now = self._now()
        return [asdict(one) for one in self._cookies.values() if not one.is_gone(now)]

    @classmethod
    def from_data(cls, clock: Clock, data: Iterable[dict[str, Any]]) -> CookieJar:
        return cls(clock, (Cookie(**one) for one in data))

    def _keep(self, cookie: Cookie, now: float) -> None:
        earlier = self._cookies.pop(cookie.key, None)
        if cookie.is_gone(now):
            return
        self._cookies[cookie.key] = cookie if earlier is None else cookie.made_at(earlier.made)
        while len(self._cookies) > MOST:
            del self._cookies[next(iter(self._cookies))]

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _may_cross(cookie: Cookie, method: str) -> bool:
    lax = cookie.same_site == "lax" and method in SAFE_METHODS
    return lax or cookie.same_site == "none"
