"""A database's own shell: which program, with which words and settings.

Law: a password never becomes an argument, which every user of the machine can read: it goes through
the environment, or a file that only we may read and that is gone afterwards.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

    from velocious.database.database import Database
    from velocious.database.server_address import ServerAddress
    from velocious.files import Files

PROGRAMS = {"sqlite": ("sqlite3",), "postgresql": ("psql",), "mysql": ("mariadb", "mysql")}
_TLS_OF_MYSQL = {"disable": "--skip-ssl", "verify-full": "--ssl-verify-server-cert"}


@dataclass(frozen=True, slots=True)
class Shell:
    """A program with its words, and what is added to its environment."""

    words: list[str]
    variables: dict[str, str] = field(default_factory=dict[str, str], repr=False)


def find_program(scheme: str) -> str | None:
    """The path of the shell for databases of *scheme*, if it is installed."""
    found = (shutil.which(name) for name in PROGRAMS[scheme])
    return next((path for path in found if path), None)


@contextmanager
def shell_for(
    program: str, database: Database, files: Files, *, read_only: bool
) -> Generator[Shell]:
    """How *program* is started on *database*."""
    address = database.settings.server
    if address is None:
        flags = ["-readonly"] if read_only else []
        yield Shell([program, *flags, files.absolute(database.settings.path)])
    elif database.settings.scheme == "postgresql":
        yield _psql(program, address, read_only)
    else:
        with _option_file(address) as path:
            yield _mariadb(program, address, path, read_only)


async def run_shell(shell: Shell) -> int:
    """Give the terminal to the program until it ends; its exit code."""
    # Ctrl+C is for the program, which stops a statement with it.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = await asyncio.create_subprocess_exec(
            *shell.words,
            env={**os.environ, **shell.variables},
            preexec_fn=_take_interrupts,
        )
        return await process.wait()
    finally:
        signal.signal(signal.SIGINT, before)


def _take_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _psql(program: str, address: ServerAddress, read_only: bool) -> Shell:
    settings = ["-c default_transaction_read_only=on"] if read_only else []
    if "search_path" in address.options:
        settings.append(f"-c search_path={address.options['search_path']}")
    variables = {
        "PGHOST": address.host,
        "PGPORT": str(address.port),
        "PGDATABASE": address.database,
        "PGSSLMODE": address.tls,
        "PGUSER": address.user,
        "PGPASSWORD": address.password,
        "PGSSLROOTCERT": address.tls_ca,
        "PGSSLCERT": address.tls_certificate,
        "PGSSLKEY": address.tls_key,
        "PGOPTIONS": " ".join(settings),
    }
    return Shell([program], {name: value for name, value in variables.items() if value})


def _mariadb(program: str, address: ServerAddress, options: str, read_only: bool) -> Shell:
    # The option file must come first.
    words = [program, f"--defaults-extra-file={options}"]
    words.append(
        f"--socket={address.host}" if address.host.startswith("/") else f"--host={address.host}"
    )
    words.append(f"--port={address.port}")
    if address.user:
        words.append(f"--user={address.user}")
    if address.tls in _TLS_OF_MYSQL:
        words.append(_TLS_OF_MYSQL[address.tls])
    if address.tls_ca:
        words.append(f"--ssl-ca={address.tls_ca}")
    if read_only:
        words.append("--init-command=SET SESSION TRANSACTION READ ONLY")
    return Shell([*words, address.database])


@contextmanager
def _option_file(address: ServerAddress) -> Generator[str]:
    with tempfile.TemporaryDirectory(prefix="velocious-console-") as folder:
        path = os.path.join(folder, "options.cnf")
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write("[client]\n")
            if address.password:
                password = address.password.replace("\\", "\\\\").replace('"', '\\"')
                file.write(f'password="{password}"\n')
        yield path
