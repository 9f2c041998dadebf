"""Where a server's database is and how to reach it: what its URL says.

Law: no message and no representation shows a password.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from velocious.errors import ConfigurationError, UnknownOptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from urllib.parse import SplitResult

#: Where servers listen when the URL does not say.
PORTS = {"postgresql": 5432, "mysql": 3306}
#: How a connection is encrypted, from "not at all" to "only with whom we know".
TLS_MODES = ("disable", "prefer", "require", "verify-ca", "verify-full")


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """A database on a server.

    Attributes:
        host: a name, an address, or for a Unix socket a path that starts with "/".
        database: its name there; "" where the URL names none.
        tls: one of :data:`TLS_MODES`.
        tls_ca: a file of certificates to trust; None: those of the system.
        tls_certificate: the file of our own certificate, if the server asks for one.
        tls_key: the file of its key.
        connect_timeout: seconds that opening a connection may take.
        statement_timeout: seconds a statement may take on the server; None: no limit.
        options: what only one kind of server understands, by name.
    """

    host: str
    port: int
    user: str | None
    password: str | None = field(repr=False)
    database: str
    tls: str = "prefer"
    tls_ca: str | None = None
    tls_certificate: str | None = None
    tls_key: str | None = None
    connect_timeout: float = 10.0
    statement_timeout: float | None = None
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])


def parse_server_address(identifier: str, scheme: str, url: str) -> ServerAddress:
    """The address in *url*; what stands behind its ``?`` wins over what stands before it.

    Raises:
        UnknownOptionError: for a query key that nobody reads.
        ConfigurationError: for a value that makes no sense.
    """
    parts = urlsplit(url)
    given = _query(identifier, scheme, parts)
    fields = {name: given.pop(name) for name in list(given) if name in _COMMON}
    database = unquote(parts.path.lstrip("/"))
    if "/" in database:
        # What it says is not shown: a password with a slash in it may be the reason.
        raise ConfigurationError(
            f"The URL of the database {identifier!r} has too many slashes. Write one name behind "
            f"the host: {scheme}://host/name, and %-encode special characters of the password "
            "(urllib.parse.quote does)."
        )
    return ServerAddress(
        host=fields.pop("host", None) or unquote(parts.hostname or "") or "127.0.0.1",
        port=fields.pop("port", None) or _port(identifier, parts) or PORTS.get(scheme, 0),
        user=fields.pop("user", None) or _unquoted(parts.username),
        password=fields.pop("password", None) or _unquoted(parts.password),
        database=database,
        options=given,
        **{_RENAMED.get(name, name): value for name, value in fields.items()},
    )


def _query(identifier: str, scheme: str, parts: SplitResult) -> dict[str, Any]:
    readers = {**_COMMON, **_OWN.get(scheme, {})}
    found: dict[str, Any] = {}
    for name, text in parse_qsl(parts.query, keep_blank_values=True):
        if name not in readers:
            raise UnknownOptionError(f"The URL of the database {identifier!r}", name, readers)
        wanted, read = readers[name]
        try:
            found[name] = read(text)
        except ValueError:
            shown = "…" if name == "password" else repr(text)
            raise ConfigurationError(
                f"The option {name} in the URL of the database {identifier!r} is {shown}. "
                f"Give it {wanted}, or leave it out."
            ) from None
    return found


def _port(identifier: str, parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise ConfigurationError(
            f"The URL of the database {identifier!r} has no usable port. Write a number from 1 to "
            "65535 behind the host, and %-encode special characters of the password "
            "(urllib.parse.quote does)."
        ) from None


def _unquoted(text: str | None) -> str | None:
    return None if text is None else unquote(text)


# Query options: what to write, and what reads it.


def _text(text: str) -> str:
    if not text:
        raise ValueError
    return text


def _number(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65535:
        raise ValueError
    return number


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise ValueError
    return seconds


def _switch(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError
    return text.lower() == "true"


def _choice(*choices: str) -> Callable[[str], str]:
    def chosen(text: str) -> str:
        if text not in choices:
            raise ValueError
        return text

    return chosen


_LEVELS = ("read-uncommitted", "read-committed", "repeatable-read", "serializable")

type _Readers = dict[str, tuple[str, Callable[[str], Any]]]

_FILE = ("the path of a file", _text)
_COMMON: _Readers = {
    "host": ('a name, an address or the path of a socket ("/var/run/postgresql")', _text),
    "port": ("a number from 1 to 65535", _number),
    "user": ("a user's name", _text),
    "password": ("a password", _text),
    "sslmode": (f"one of {', '.join(TLS_MODES)}", _choice(*TLS_MODES)),
    "sslrootcert": _FILE,
    "sslcert": _FILE,
    "sslkey": _FILE,
    "connect_timeout": ("a number of seconds above 0", _seconds),
    "statement_timeout": ("a number of seconds above 0", _seconds),
}
_RENAMED = {
    "sslmode": "tls",
    "sslrootcert": "tls_ca",
    "sslcert": "tls_certificate",
    "sslkey": "tls_key",
}
_OWN: dict[str, _Readers] = {
    "postgresql": {
        "application_name": ("a text", _text),
        "prepared_statements": ("true, or false behind PgBouncer", _switch),
        "search_path": ("names of schemas", _text),
        "lock_timeout": ("a number of seconds above 0", _seconds),
        "synchronous_commit": ("on, or off to answer before the disk has it", _text),
    },
    "mysql": {
        "driver": ("asyncmy or aiomysql", _choice("asyncmy", "aiomysql")),
        "isolation": (f"one of {', '.join(_LEVELS)}", _choice(*_LEVELS)),
    },
}
