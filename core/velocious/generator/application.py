"""Writes a new application."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from velocious.errors import WrongUsageError
from velocious.generator.template import names_in, rendered
from velocious.version import __version__

if TYPE_CHECKING:
    from velocious.generator.writing import GeneratedFiles

FOLDER = "application"


def write_application(written: GeneratedFiles, name: str) -> None:
    """Write the files of a new application called *name*."""
    values = {"name": name, "title": _title(name), "version": __version__}
    for template in names_in(FOLDER):
        path = template.removeprefix(f"{FOLDER}/").replace("dot-", ".")
        written.write(path, rendered(template, values))


def application_name(given: str) -> str:
    """The name of an application in the directory called *given*.

    Raises:
        WrongUsageError: it has no letter to be called by.
    """
    name = re.sub(r"[^a-z0-9_]+", "-", given.lower()).strip("-_")[:64]
    if not re.search(r"[a-z]", name):
        raise WrongUsageError(
            f"{given!r} cannot name an application. Use letters and digits, for example `blog`."
        )
    return name


def _title(name: str) -> str:
    return re.sub(r"[-_]+", " ", name).strip().capitalize()
