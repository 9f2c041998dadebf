"""What a channel may be called, and what its name says about it.

Law: names are case-sensitive and compared exactly. What the engine itself uses (users, connections,
everybody) lives in namespaces of its own, so no name needs to be forbidden for its sake.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from velocious.errors import ChannelNameError

#: Characters that a name may have.
LONGEST = 200
_STRICT = re.compile(r"[A-Za-z0-9_.:=@,;-]{1,200}")
_RESERVED = ("ws:", "__")
#: How clients of Pusher's protocol call channels whose events they decrypt.
_ENCRYPTED = "private-encrypted-"


class Privacy(StrEnum):
    """Who may listen, as the name of a channel says it."""

    PUBLIC = "public"
    PRIVATE = "private"
    PRESENCE = "presence"


@lru_cache(maxsize=4096)
def privacy_of(name: str) -> Privacy:
    """``private-…`` and ``presence-…`` need permission; whoever is in a presence channel is shown
    to the others in it. (The convention of Pusher's protocol, in the same words.)
    """
    if name.startswith("private-"):
        return Privacy.PRIVATE
    if name.startswith("presence-"):
        return Privacy.PRESENCE
    return Privacy.PUBLIC


def check_name(name: object, *, loose: bool = False) -> str:
    """*name*, if it can be a channel's; *loose* allows every printable character.

    Raises:
        ChannelNameError: it cannot.
    """
    if not isinstance(name, str):
        raise ChannelNameError("The name of a channel is text.")
    problem = _problem(name, loose=loose)
    if problem is not None:
        raise ChannelNameError(problem)
    return name


def check_not_encrypted(name: str) -> str:
    """*name*, if it does not promise clients of Pusher's protocol what nothing here keeps: that
    nobody between its publisher and them can read.

    Raises:
        ChannelNameError: it does.
    """
    if name.startswith(_ENCRYPTED):
        raise ChannelNameError(
            f"Channels called {_ENCRYPTED}… are not offered: what is published would not be "
            "encrypted. Use a private channel; its events are as secret as the connection."
        )
    return name


def _problem(name: str, *, loose: bool) -> str | None:
    if not name:
        return "The name of a channel is empty."
    if len(name) > LONGEST:
        return f"The name of a channel has {len(name)} characters; {LONGEST} are allowed."
    if loose:
        return None if name.isprintable() else "The name of a channel has unprintable characters."
    if _STRICT.fullmatch(name) is None:
        return "The name of a channel has letters of ASCII, digits and _ - = @ , . ; : only."
    if name.startswith(_RESERVED):
        return "Names that begin with `ws:` or `__` are reserved."
    if ":" in name and privacy_of(name) is not Privacy.PUBLIC:
        # The signature joins its parts with colons: a name with one could be read in two ways.
        return "The name of a private or presence channel has no colon."
    return None
