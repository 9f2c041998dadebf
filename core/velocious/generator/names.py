"""Names given on a command line, checked before they become files and classes."""

from __future__ import annotations

import keyword

from velocious.errors import WrongUsageError
from velocious.naming import camelize


def class_name(given: str, what: str, example: str) -> str:
    """The class that *given* means (``"project detail"`` → ``"ProjectDetail"``).

    Raises:
        WrongUsageError: it cannot be the name of a class.
    """
    name = camelize(given)
    if not name.isidentifier() or not name.isascii() or keyword.iskeyword(name):
        raise WrongUsageError(
            f"{given!r} cannot name {what}. Use letters, digits and _, for example {example}."
        )
    return name
