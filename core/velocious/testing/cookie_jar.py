"""The cookies a client keeps, as a browser would.

Law: a cookie that browsers refuse fails the test, for nobody would ever send it back.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie:
    """A cookie as an answer set it.

    Attributes:
        domain: the host it goes to; with *subdomains* those below it as well.
        expires: None for a cookie that ends with the browser's session.
    """

    name: str
    value: str
    domain: str
    path: str = "/"
    subdomains: bool = False
    secure: bool = False
    http_only: bool = False
    same_site: str | None = None
    expires: datetime | None = None

    def goes_to(self, address: str) -> bool:
        """Whether it is sent with a request for *address*."""
        parts = urlsplit(address)
        host, path = parts.hostname or "", parts.path or "/"
        return (
            (host == self.domain or (self.subdomains and host.endswith(f".{self.domain}")))
            and (path == self.path or path.startswith(self.path.rstrip("/") + "/"))
            and (parts.scheme == "https" or not self.secure)
        )


class CookieJar(MutableMapping[str, str]):
    """Values by name; what is set by hand goes to every path of the client's own host."""

    def __init__(self, host: str, now: Callable[[], datetime]) -> None:
        self._host = host
        self._now = now
        self._kept: dict[tuple[str, str, str], Cookie] = {}

    def __getitem__(self, name: str) -> str:
        return self.cookie(name).value

    def __setitem__(self, name: str, value: str) -> None:
        self._keep(Cookie(name=name, value=value, domain=self._host))

    def __delitem__(self, name: str) -> None:
        cookie = self.cookie(name)
        del self._kept[_key(cookie)]

    def __iter__(self) -> Iterator[str]:
        return iter({cookie.name: None for cookie in self._living()})

    def __len__(self) -> int:
        return len({cookie.name for cookie in self._living()})

    def cookie(self, name: str) -> Cookie:
        """The cookie called *name*, with everything that was said of it. Raises KeyError."""
        found = [cookie for cookie in self._living() if cookie.name == name]
        if not found:
            raise KeyError(f"there is no cookie {name!r}; there are {list(self)!r}")
        return found[-1]

    def header(self, address: str) -> str | None:
        """The Cookie header of a request for *address*; longer paths first."""
        sent = [cookie for cookie in self._living() if cookie.goes_to(address)]
        sent.sort(key=lambda cookie: -len(cookie.path))
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in sent) or None

    def learn(self, address: str, headers: Iterable[str]) -> dict[str, Cookie]:
        """Keep what the Set-Cookie *headers* of the answer from *address* say; the cookies in them.

        Raises:
            AssertionError: no browser would take one of them.
        """
        now = self._now()
        said = [parse_cookie(header, address, now) for header in headers]
        for cookie in said:
            check_cookie(cookie, address)
            self._keep(cookie)
        return {cookie.name: cookie for cookie in said}

    def _keep(self, cookie: Cookie) -> None:
        # The newest last, so that it is the one found by its name.
        self._kept.pop(_key(cookie), None)
        self._kept[_key(cookie)] = cookie

    def _living(self) -> list[Cookie]:
        now = self._now()
        return [
            cookie for cookie in self._kept.values() if not cookie.expires or cookie.expires > now
        ]


def parse_cookie(header: str, address: str, now: datetime) -> Cookie:
    """The cookie that a Set-Cookie *header* of an answer from *address* describes (RFC 6265)."""
    pair, *said = header.split(";")
    name, _, value = pair.partition("=")
    split = (one.partition("=") for one in said)
    attributes = {key.strip().lower(): text.strip() for key, _, text in split}
    parts = urlsplit(address)
    domain = attributes.get("domain", "").lstrip(".").lower()
    path = attributes.get("path", "")
    return Cookie(
        name=name.strip(),
        value=value.strip(),
        domain=domain or parts.hostname or "",
        subdomains=bool(domain),
        path=path if path.startswith("/") else parts.path.rpartition("/")[0] or "/",
        secure="secure" in attributes,
        http_only="httponly" in attributes,
        same_site=attributes.get("samesite"),
        expires=_expiry(attributes, now),
    )


def check_cookie(cookie: Cookie, address: str) -> None:
    """Raises AssertionError where browsers would not take *cookie* from *address*."""
    host = urlsplit(address).hostname or ""
    name = cookie.name.lower()
    below = host == cookie.domain or host.endswith(f".{cookie.domain}")
    bound = name.startswith("__host-")
    problem = (
        (not below and f"{host} may set none for {cookie.domain}")
        or (bound and cookie.subdomains and "a name that begins with __Host- allows no Domain")
        or (bound and cookie.path != "/" and "a name that begins with __Host- needs Path=/")
        or (
            (bound or name.startswith("__secure-"))
            and not cookie.secure
            and "a name that begins with __Host- or __Secure- needs Secure"
        )
        or ((cookie.same_site or "").lower() == "none" and not cookie.secure and _INSECURE_NONE)
    )
    if problem:
        raise AssertionError(f"Browsers refuse the cookie {cookie.name!r}: {problem}.")


_INSECURE_NONE = "SameSite=None needs Secure"


def _expiry(attributes: dict[str, str], now: datetime) -> datetime | None:
    """Max-Age goes before Expires; what cannot be read counts as not said."""
    age = attributes.get("max-age", "")
    if age.removeprefix("-").isdecimal():
        # Browsers keep nothing for longer than 400 days.
        return now + timedelta(seconds=min(int(age), 400 * 86400))
    try:
        moment = parsedate_to_datetime(attributes.get("expires", ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _key(cookie: Cookie) -> tuple[str, str, str]:
    return cookie.name, cookie.domain, cookie.path
