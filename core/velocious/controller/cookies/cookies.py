"""``self.cookies``: what came with the request, and what goes with the answer."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Unpack

from velocious.controller.cookies.attributes import (
    CookieAttributes,
    CookieOptions,
    set_cookie_line,
)
from velocious.controller.cookies.parsing import received_cookies
from velocious.controller.cookies.sealed_cookies import SealedCookies
from velocious.controller.cookies.sealing import Encrypting, Signing
from velocious.errors import CookieError, UnknownOptionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.responses import Response
    from starlette.types import Scope

    from velocious.configuration import Configuration

OPTIONS = tuple(CookieOptions.__annotations__)


class Cookies:
    """The cookies of one request; what is not there reads as None.

    ::

        self.cookies["theme"]                                   # None, or the text that came
        self.cookies["theme"] = "dark"                          # until the browser is closed
        self.cookies.set("theme", "dark", max_age=timedelta(days=365))
        del self.cookies["theme"]
        self.cookies.signed["cart"] = {"items": [5, 7]}         # JSON that nobody can change
        self.cookies.encrypted["draft"] = "…"                   # nor read

    They are sent to this host alone and with ``Path=/``, ``HttpOnly`` and ``SameSite=Lax``, over
    HTTPS ``Secure``, unless :meth:`set` says otherwise.
    """

    def __init__(self, scope: Scope, configuration: Configuration) -> None:
        self._scope = scope
        self._configuration = configuration
        self._values: dict[str, str] = received_cookies(scope)
        #: name, domain and path → what sets it; the last one counts.
        self._lines: dict[tuple[str, str | None, str], str] = {}
        self._sent = False

    @property
    def secure(self) -> bool:
        """Whether cookies are marked to go over HTTPS only."""
        return self._configuration.http.force_ssl or self._scope.get("scheme") == "https"

    @cached_property
    def signed(self) -> SealedCookies:
        """Cookies with JSON values that nobody can change. Raises MissingSecretError."""
        configuration = self._configuration
        return SealedCookies(self, Signing(configuration.secret), configuration.clock)

    @cached_property
    def encrypted(self) -> SealedCookies:
        """Cookies with JSON values that nobody can read or change. Raises MissingSecretError."""
        configuration = self._configuration
        cipher = configuration.environment_handler.cipher()
        return SealedCookies(self, Encrypting(configuration.secret, cipher), configuration.clock)

    def __getitem__(self, name: str) -> str | None:
        return self._values.get(name)

    def get(self, name: str, default: Any = None) -> Any:
        """The cookie called *name*, or *default*."""
        return self._values.get(name, default)

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __setitem__(self, name: str, value: str) -> None:
        self.set(name, value)

    def set(self, name: str, value: str, **options: Unpack[CookieOptions]) -> None:
        """Set a cookie; see :class:`CookieAttributes` for the options.

        Raises:
            CookieError: no browser would keep it, or the answer is on its way already.
        """
        if not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise CookieError(
                f"The cookie {name!r} cannot be {value!r}: plain cookies are text. Set "
                f"cookies.signed[{name!r}], which takes any JSON."
            )
        attributes = self.attributes(options)
        self._keep(name, attributes, set_cookie_line(name, value, attributes))
        self._values[name] = value

    def __delitem__(self, name: str) -> None:
        self.delete(name)

    def delete(self, name: str, *, path: str = "/", domain: str | None = None) -> None:
        """Have the browser forget a cookie; *path* and *domain* are those it was set with."""
        secure = self.secure or name.lower().startswith(("__host-", "__secure-"))
        attributes = CookieAttributes(max_age=0, path=path, domain=domain, secure=secure)
        self._keep(name, attributes, set_cookie_line(name, "", attributes))
        self._values.pop(name, None)

    def attributes(self, options: CookieOptions) -> CookieAttributes:
        """*options* over the defaults. Raises UnknownOptionError."""
        for option in options:
            if option not in OPTIONS:
                raise UnknownOptionError("A cookie", option, OPTIONS)
        given: dict[str, Any] = {"secure": self.secure, **options}
        return CookieAttributes(**given)

    def _keep(self, name: str, attributes: CookieAttributes, line: str) -> None:
        if self._sent:
            raise CookieError(
                f"The cookie {name!r} is set too late: the answer is on its way. Set cookies in "
                "the action or a filter, not while its body is streamed."
            )
        self._lines[name, attributes.domain, attributes.path] = line

    def send(self, response: Response) -> None:
        """Put what was set into *response*; nothing can be set afterwards."""
        self._sent = True
        for line in self._lines.values():
            response.headers.append("set-cookie", line)
