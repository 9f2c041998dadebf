"""Writes values into templates so that none becomes markup."""

from __future__ import annotations

from markupsafe import escape


def escaped(value: object) -> str:
    """*value* as the text that markupsafe's ``escape`` makes of it.

    Nearly all values are numbers, or texts in which there is nothing to escape: those never get
    there, for without its C part, which browsers cannot load, it takes a microsecond for each.
    """
    if type(value) is str:
        if "&" in value or "<" in value or ">" in value or '"' in value or "'" in value:
            return escape(value)
        return value
    return str(value) if type(value) is int else escape(value)
