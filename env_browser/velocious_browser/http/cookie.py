"""One cookie of the in-browser application: read from a ``Set-Cookie`` header (RFC 6265, 5.2).

Law: what a browser would ignore is ignored here, in the same places; nothing else is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime

#: Bytes of name and value together, as browsers allow.
LARGEST = 4096
SAME_SITE = ("lax", "none", "strict")


@dataclass(frozen=True, slots=True)
class Cookie:
    """What the application asked a browser to keep.

    Attributes:
        path: where it is sent: there and below.
        expires: seconds since 1970; None for as long as the data of this site is kept.
        same_site: lax, strict or none.
        made: when a cookie of this name and path was first made; the earlier is sent first.
    """

    name: str
    value: str
    path: str
    expires: float | None
    same_site: str
    made: float

    @property
    def key(self) -> tuple[str, str]:
        return self.name, self.path

    def is_gone(self, now: float) -> bool:
        return self.expires is not None and self.expires <= now

    def fits(self, path: str) -> bool:
        """Whether it is sent with a request for *path* (RFC 6265, 5.1.4)."""
        if path == self.path:
            return True
        return path.startswith(self.path) and (
            self.path.endswith("/") or path[len(self.path)] == "/"
        )

    def made_at(self, moment: float) -> Cookie:
        return replace(self, made=moment)


def parse_cookie(header: str, host: str, request_path: str, now: float) -> Cookie | None:
    """The cookie of a ``Set-Cookie`` *header*; None where a browser would refuse it."""
    pair, *rest = header.split(";")
    name, equals, value = pair.partition("=")
    name, value = name.strip(), value.strip()
    if not equals or not name or len(name) + len(value) > LARGEST or _has_controls(header):
        return None
    attributes = _attributes(rest)
    if not _is_ours(attributes.get("domain", ""), host) or not _keeps_prefix(name, attributes):
        return None
    same_site = attributes.get("samesite", "").lower()
    return Cookie(
        name,
        value,
        _path(attributes.get("path", ""), request_path),
        _expiry(attributes, now),
        same_site if same_site in SAME_SITE else "lax",
        now,
    )


def _attributes(parts: list[str]) -> dict[str, str]:
    # The last of several wins.
    pairs = (part.partition("=") for part in parts)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _has_controls(header: str) -> bool:
    return any((ord(letter) < 32 and letter != "\t") or ord(letter) == 127 for letter in header)


def _is_ours(domain: str, host: str) -> bool:
    domain = domain.removeprefix(".").lower()
    return not domain or host == domain or host.endswith(f".{domain}")


def _keeps_prefix(name: str, attributes: dict[str, str]) -> bool:
    """Names with a prefix promise something about the cookie (RFC 6265bis, 4.1.3)."""
    lowered = name.lower()
    if lowered.startswith("__host-"):
        return (
            "secure" in attributes and attributes.get("path") == "/" and "domain" not in attributes
        )
    return "secure" in attributes or not lowered.startswith("__secure-")


def _path(given: str, request_path: str) -> str:
    if given.startswith("/"):
        return given
    return request_path[: request_path.rfind("/")] or "/"


def _expiry(attributes: dict[str, str], now: float) -> float | None:
    age = attributes.get("max-age", "")
    if age.removeprefix("-").isdecimal():
        # Max-Age wins over Expires; an age of thousands of digits is simply a long one.
        return 0.0 if age.startswith("-") else now + float(age[:12])
    if "expires" not in attributes:
        return None
    try:
        return parsedate_to_datetime(attributes["expires"].replace("-", " ")).timestamp()
    except (ValueError, OverflowError):
        # A date that nobody understands is no date.
        return None
