"""What a server process may be told about itself: how it logs, what password digests cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LogSettings:
    """Where a server process logs.

    Attributes:
        console: write to standard error; None means everywhere but in the environment "test".
        file: write to ``log/<environment>.log`` of the application.
        max_bytes: how large that file grows before it is renamed to ``….log.1``.
        backups: how many renamed files are kept.
    """

    console: bool | None = None
    file: bool = True
    max_bytes: int = 20_000_000
    backups: int = 3


@dataclass(frozen=True, slots=True)
class PasswordSettings:
    """What a digest of a password costs whoever makes one, in the terms of argon2.

    Digests that cost something else are renewed when their owners sign in. The tests of an
    application may choose the least: ``PasswordSettings(memory=8, iterations=1, parallelism=1)``.

    Attributes:
        memory: KiB for one digest; scrypt uses as much of it as its powers of two allow.
        iterations: how often the memory is gone through.
        parallelism: how many lanes the memory has.
        threads: how many digests are made at a time; further ones wait.
    """

    memory: int = 65536
    iterations: int = 3
    parallelism: int = 4
    threads: int = 2
