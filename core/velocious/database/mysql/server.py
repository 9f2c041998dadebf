"""Which server is at the other end, and how a session on it is set up."""

from __future__ import annotations

import re
from typing import NamedTuple

# What standard SQL says about ||, "names" and backslashes; a value that does not fit is refused
# instead of cut; an id of 0 is 0.
SQL_MODE = (
    "STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,"
    "NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO,PIPES_AS_CONCAT,ANSI_QUOTES,NO_BACKSLASH_ESCAPES"
)

_MARIADB = re.compile(r"(?:5\.5\.5-)?(\d+)\.(\d+)\.(\d+)-MariaDB", re.IGNORECASE)
_MYSQL = re.compile(r"(\d+)\.(\d+)\.(\d+)")


class Server(NamedTuple):
    """A server by its own words.

    Attributes:
        mariadb: whether it is MariaDB, not MySQL.
        version: three numbers.
    """

    mariadb: bool
    version: tuple[int, int, int]

    @property
    def returning(self) -> bool:
        """Whether INSERT … RETURNING works."""
        return self.mariadb and self.version >= (10, 5, 0)

    @property
    def collation(self) -> str:
        """The collation that compares text by its code points, spaces at its end included."""
        return "utf8mb4_nopad_bin" if self.mariadb else "utf8mb4_0900_bin"

    def timeout_sql(self, seconds: float) -> str:
        """What ends statements that run for longer than *seconds*. MySQL does it to SELECT only."""
        if self.mariadb:
            return f"max_statement_time = {seconds:f}"
        return f"max_execution_time = {max(1, round(seconds * 1000))}"

    def __str__(self) -> str:
        name = "MariaDB" if self.mariadb else "MySQL"
        return f"{name} {'.'.join(map(str, self.version))}"


def read_server(version: str) -> Server:
    """The server that calls itself *version* (``"10.11.6-MariaDB"``, ``"8.0.36"``)."""
    found = _MARIADB.match(version)
    if found:
        return Server(True, _numbers(found))
    found = _MYSQL.match(version)
    return Server("mariadb" in version.lower(), _numbers(found) if found else (0, 0, 0))


def _numbers(found: re.Match[str]) -> tuple[int, int, int]:
    major, minor, patch = map(int, found.groups())
    return major, minor, patch
