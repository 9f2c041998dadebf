"""What a cookie is set with, and the line that sets it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, TypedDict

from velocious.controller.caching.validators import http_date
from velocious.controller.cookies.parsing import NAME, VALUE
from velocious.errors import CookieError, suggestion

#: Bytes that name and value may have together in every browser.
LARGEST = 4096

SAME_SITE = {"lax": "Lax", "strict": "Strict", "none": "None"}

_PATH = re.compile(r"/[\x21-\x3a\x3c-\x7e]*")
_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_GONE = datetime(1970, 1, 1, tzinfo=UTC)


class CookieOptions(TypedDict, total=False):
    """What ``cookies.set(name, value, …)`` takes; see :class:`CookieAttributes`."""

    max_age: float | timedelta | None
    expires: datetime | None
    path: str
    domain: str | None
    secure: bool
    http_only: bool
    same_site: Literal["lax", "strict", "none"]
    partitioned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CookieAttributes:
    """Where a cookie goes, and for how long.

    Attributes:
        max_age: seconds (or a timedelta) it lives; without it and *expires*, until the browser is
            closed.
        expires: when it ends, with a time zone.
        path: it is sent to this path and those below it.
        domain: it is sent to this domain and all below it; without it, to this host alone.
        secure: it is sent over HTTPS only.
        http_only: no script reads it.
        same_site: ``"lax"``: other sites' pages send it only when they lead here; ``"strict"``:
            never; ``"none"``: always, which needs *secure*.
        partitioned: it is another one within each site that embeds this one; needs *secure*.
    """

    max_age: float | timedelta | None = None
    expires: datetime | None = None
    path: str = "/"
    domain: str | None = None
    secure: bool = False
    http_only: bool = True
    same_site: Literal["lax", "strict", "none"] = "lax"
    partitioned: bool = False

    def until(self, now: datetime) -> datetime | None:
        """When a cookie that is set *now* ends; None where that is the browser's business."""
        if self.max_age is not None:
            return now + timedelta(seconds=seconds(self.max_age))
        return self.expires


def set_cookie_line(name: str, value: str, given: CookieAttributes) -> str:
    """The value of the Set-Cookie header.

    Raises:
        CookieError: no browser would keep the cookie, or it would not be safe.
    """
    _check_pair(name, value)
    _check_place(name, given)
    _check_safety(name, given)
    parts = [f"{name}={value}", f"Path={given.path}"]
    if given.domain is not None:
        parts.append(f"Domain={given.domain.removeprefix('.')}")
    parts += _lifetime(name, given)
    parts += [
        word
        for word, wanted in (
            ("Secure", given.secure),
            ("HttpOnly", given.http_only),
            ("Partitioned", given.partitioned),
        )
        if wanted
    ]
    parts.append(f"SameSite={SAME_SITE[given.same_site]}")
    return "; ".join(parts)


def seconds(given: float | timedelta) -> float:
    """A time in seconds."""
    return given.total_seconds() if isinstance(given, timedelta) else given


def _check_pair(name: str, value: str) -> None:
    if NAME.fullmatch(name) is None:
        raise CookieError(
            f"No cookie can be called {name!r}. Use letters, digits, - and _, as in 'last_visit'."
        )
    if VALUE.fullmatch(value) is None:
        wrong = next(one for one in value if VALUE.fullmatch(one) is None)
        raise CookieError(
            f"The cookie {name!r} cannot hold {wrong!r}: plain cookies take ASCII without spaces, "
            f'quotes, commas, semicolons and backslashes. cookies.signed[{name!r}] = "…" takes any '
            "value."
        )
    size = len(name) + len(value)
    if size > LARGEST:
        raise CookieError(
            f"The cookie {name!r} has {size:,} bytes; browsers keep {LARGEST:,} at most. Keep a "
            "key in it, and what is long in the database."
        )


def _check_place(name: str, given: CookieAttributes) -> None:
    if _PATH.fullmatch(given.path) is None:
        raise CookieError(
            f"The cookie {name!r} has the path {given.path!r}. Write it like '/shop'."
        )
    if given.domain is not None and _DOMAIN.fullmatch(given.domain.removeprefix(".")) is None:
        raise CookieError(
            f"The cookie {name!r} has the domain {given.domain!r}. Write it like 'example.com'."
        )
    if given.same_site not in SAME_SITE:
        raise CookieError(
            f"The cookie {name!r} has same_site={given.same_site!r}. "
            f"{suggestion(str(given.same_site), SAME_SITE)}"
        )


def _check_safety(name: str, given: CookieAttributes) -> None:
    if given.same_site == "none" and not given.secure:
        raise _insecure(name, 'same_site="none"')
    if given.partitioned and not given.secure:
        raise _insecure(name, "partitioned=True")
    prefix = name.lower()
    if prefix.startswith(("__host-", "__secure-")) and not given.secure:
        raise _insecure(name, "a name that begins like this")
    if prefix.startswith("__host-") and (given.path != "/" or given.domain is not None):
        raise CookieError(
            f"The cookie {name!r} is for this host alone: browsers keep it with path='/' and "
            "without a domain only."
        )


def _insecure(name: str, what: str) -> CookieError:
    return CookieError(
        f"Browsers drop the cookie {name!r}: {what} needs secure=True, and HTTPS. (Behind a proxy, "
        'say whose headers tell of it: http={"trusted_proxies": […]}.)'
    )


def _lifetime(name: str, given: CookieAttributes) -> list[str]:
    parts: list[str] = []
    if given.max_age is not None:
        age = int(seconds(given.max_age))
        parts.append(f"Max-Age={max(age, 0)}")
        if age <= 0:
            parts.append(f"Expires={http_date(_GONE)}")
    elif given.expires is not None:
        if given.expires.tzinfo is None:
            raise CookieError(
                f"The cookie {name!r} expires at {given.expires!r}, which has no time zone. Use "
                "datetime.now(UTC) + …, or max_age."
            )
        parts.append(f"Expires={http_date(given.expires)}")
    return parts
