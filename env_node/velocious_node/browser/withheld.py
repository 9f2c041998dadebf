"""What no browser may ever be sent, wherever it stands.

Law: the messages name the file and what it holds, never the value.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from velocious.errors import ConfigurationError
from velocious_node.own_secret import PATH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from velocious.configuration import Configuration

#: A shorter password may stand in a style sheet by chance.
TELLING = 8


def refuse_secrets(
    configuration: Configuration,
    contents: Mapping[str, bytes],
    place: str,
    *,
    shortest: int = 1,
) -> None:
    """Raises ConfigurationError where one of *contents* holds a password or the secret.

    Arguments:
        place: how the files are there (``"which browser lists"``).
        shortest: how long a password must be to be looked for.
    """
    passwords = [one for one in _passwords(configuration) if len(one[1]) >= shortest]
    own = _own_secret(configuration)
    for name, content in contents.items():
        for identifier, password in passwords:
            if _holds(content, password):
                raise ConfigurationError(
                    f"The file {name!r}, {place}, holds the password of the database "
                    f"{identifier!r}. Read it from the environment of the server instead: "
                    'os.environ["DATABASE_URL"].'
                )
        if configuration.secret.is_in(content) or (own and own in content):
            raise ConfigurationError(
                f"The file {name!r}, {place}, holds the secret of the application, with which "
                "anybody could sign sessions. Set it as VELOCIOUS_SECRET in the environment of "
                "the server instead, and make another one: `velocious g:secret`."
            )


def _passwords(configuration: Configuration) -> Iterator[tuple[str, str]]:
    for identifier, database in configuration.databases.items():
        for settings in (database.settings, *database.settings.replicas):
            if settings.server is not None and settings.server.password:
                yield identifier, settings.server.password


def _own_secret(configuration: Configuration) -> bytes | None:
    """The one that this installation made for itself, if it ever needed any."""
    path = Path(configuration.directory or ".") / PATH
    return path.read_bytes().strip() or None if path.is_file() else None


def _holds(content: bytes, password: str) -> bool:
    return any(spelling.encode() in content for spelling in (password, quote(password)))
