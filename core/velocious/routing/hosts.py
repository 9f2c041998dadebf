"""Which hosts an application answers to.

Law: a Host header is never believed because it came. A page of another site whose name leads to
this machine (DNS rebinding), or a link made of a forged host, ends here.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING

from velocious.errors import ConfigurationError, HostNotAllowedError, MalformedRequestError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

    from starlette.types import Scope

    from velocious.configuration import Configuration

#: In a list of hosts: all there are.
ANY = "*"
#: What the client of tests calls an application, whatever it is called elsewhere.
OF_TESTS = "app.test"
#: A name or address, and perhaps a port.
_FORM = re.compile(
    r"(?P<name>[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?|\[[0-9a-f:.]+\])(?::(?P<port>\d{1,5}))?",
    re.IGNORECASE,
)
_PATTERN = re.compile(r"\.?(?P<name>[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])")
#: How many Host headers that were good are known by heart.
_REMEMBERED = 256


class Hosts:
    """Checks the Host header of requests; *allows* says whether a name is one of ours."""

    def __init__(self, allows: Callable[[str], bool]) -> None:
        self._allows = allows
        self._good: set[bytes] = set()

    def check(self, scope: Scope, under_any: Container[str] = ()) -> None:
        """Let the request of *scope* pass.

        Raises:
            MalformedRequestError: the header is missing, there are two, or it names no host.
            HostNotAllowedError: it names somebody else, and the path is none of *under_any*.
        """
        given = [value for name, value in scope["headers"] if name == b"host"]
        if len(given) == 1 and given[0] in self._good:
            return
        name = _one_name(given, scope)
        if name is None or scope["path"] in under_any:
            return
        if not self._allows(name):
            raise HostNotAllowedError(name)
        if len(self._good) < _REMEMBERED:
            self._good.add(given[0])


def hosts_of(configuration: Configuration) -> Hosts:
    """What the settings of *configuration* allow.

    Raises:
        ConfigurationError: an entry names no host, or a server that strangers may reach does not
            say what it is called.
    """
    # Checked everywhere: a wrong name shall not wait for production.
    given = configuration.http.hosts
    listed = _listed(given)
    if configuration.environment_handler.name == "browser":
        # Nobody but the page itself can ask.
        return Hosts(_any)
    if configuration.environment == "development":
        # The names for strangers stand in the same configuration.
        return Hosts(lambda name: is_local(name) or listed(name))
    if configuration.environment == "test":
        return Hosts(lambda name: name == OF_TESTS or listed(name)) if given else Hosts(_any)
    if given:
        return Hosts(listed)
    raise ConfigurationError(
        f"The environment is {configuration.environment!r}, and it is not said which hosts the "
        'application answers to. Name them: Configuration(http={"hosts": ["example.com"]}); '
        '".example.com" also takes all names below it, "*" any host at all.'
    )


def is_local(name: str) -> bool:
    """Whether *name* is no name that strangers could make lead here: one of this machine's, one
    that nobody can own (RFC 6761), or an address.
    """
    return name == "localhost" or name.endswith((".localhost", ".test")) or _is_address(name)


def host_name(text: str) -> str | None:
    """The name in a Host header, in small letters and without its port; None for garbage."""
    found = _FORM.fullmatch(text)
    if found is None or int(found["port"] or 0) > 65535:
        return None
    name = found["name"].lower().removesuffix(".")
    return None if ".." in name or (name[0] == "[" and not _is_address(name)) else name


def _one_name(given: list[bytes], scope: Scope) -> str | None:
    if not given and scope.get("http_version", "1.0") == "1.0":
        return None
    if len(given) != 1:
        raise MalformedRequestError(
            f"The request has {len(given)} Host headers. Send exactly one, such as "
            "`Host: example.com`."
        )
    name = host_name(given[0].decode("latin-1"))
    if name is None:
        raise MalformedRequestError(
            f"The Host header {given[0].decode('latin-1')[:100]!r} names no host. Send a name or "
            "an address, and perhaps a port: `Host: example.com:8080`."
        )
    return name


def _any(_: str) -> bool:
    return True


def _listed(hosts: Sequence[str]) -> Callable[[str], bool]:
    if ANY in hosts:
        return _any
    for host in hosts:
        if _PATTERN.fullmatch(host) is None:
            raise ConfigurationError(
                f"http['hosts'] holds {host!r}, which is no host. Give names in small letters "
                'without scheme, port or path: "example.com", or ".example.com" with all names '
                "below it."
            )
    exact = frozenset(host.removeprefix(".") for host in hosts)
    below = tuple(host for host in hosts if host.startswith("."))
    return lambda name: name in exact or name.endswith(below)


def _is_address(name: str) -> bool:
    try:
        ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True
