"""Reads ``wheels.toml``: which wheels go into which archive."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from runtime.builder.paths import RUNTIME


@dataclass(frozen=True, slots=True)
class ArchiveWheels:
    """An archive of libraries: its name, when it is loaded, and the wheels in it."""

    name: str
    lazy: bool
    wheels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Requirements:
    """Everything that is downloaded by pip."""

    archives: tuple[ArchiveWheels, ...]
    packages: tuple[str, ...]
    testing: tuple[str, ...]

    def shipped(self) -> tuple[str, ...]:
        """The wheels that an application serves."""
        return tuple(name for archive in self.archives for name in archive.wheels) + self.packages


def read_requirements() -> Requirements:
    table = tomllib.loads((RUNTIME / "wheels.toml").read_text(encoding="utf-8"))
    return Requirements(
        archives=tuple(
            ArchiveWheels(name, archive["lazy"], tuple(archive["wheels"]))
            for name, archive in table["archives"].items()
        ),
        packages=tuple(table["packages"]["wheels"]),
        testing=tuple(table["testing"]["wheels"]),
    )
