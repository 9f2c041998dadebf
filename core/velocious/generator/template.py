"""Templates: plain files with ``{{ name }}`` where a value goes.

Law: a template is data of this package, found in a wheel as well as in a folder; a name that nobody
gave a value, and a value that no template asks for, raise.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

from velocious.errors import ConfigurationError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

ENDING = ".template"
_PLACE = re.compile(r"\{\{ (\w+) \}\}")


def rendered(name: str, values: Mapping[str, str]) -> str:
    """The text of the template *name* (``"model.py"``) with *values* put in."""
    return fill(_folder().joinpath(name + ENDING).read_text("utf-8"), values, name)


def names_in(folder: str) -> list[str]:
    """The templates below *folder*, with its name before theirs."""
    return sorted(_walk(_folder().joinpath(folder), folder))


def fill(text: str, values: Mapping[str, str], name: str) -> str:
    """*text* with *values* in the places that ask for them."""

    def value(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise ConfigurationError(
                f"The template {name!r} asks for {found[1]!r}. {suggestion(found[1], values)}"
            )
        return values[found[1]]

    return _PLACE.sub(value, text)


def _folder() -> Traversable:
    return files("velocious.generator").joinpath("templates")


def _walk(folder: Traversable, path: str) -> Iterator[str]:
    for entry in folder.iterdir():
        below = f"{path}/{entry.name}"
        if entry.is_dir():
            yield from _walk(entry, below)
        elif below.endswith(ENDING):
            yield below.removesuffix(ENDING)
