"""Where the records of the page's board live: in this browser, or on the server.

Law: the board's functions and the models are the same for all homes. A home is a configuration that
a call runs under, and an ability that says what the server would refuse.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from velocious.errors import VelociousError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from app.homes.server import Said, ServerHome

#: This browser's own database; the server's, asked by HTTP; the server's by a websocket.
BROWSER, SERVER, LIVE = "browser", "server", "live"

_entered: dict[str, ServerHome] = {}


def at(home: str) -> AbstractContextManager[object]:
    """A block whose records live at *home*. Raises HomeNotEnteredError."""
    return nullcontext() if home == BROWSER else _known(home).here()


async def enter(home: str, address: str) -> ServerHome:
    """The server's home, ready to be asked; *address* is where the application is."""
    # Imported here: who stays in the own browser's home waits for none of it.
    from app.homes.server import ServerHome

    known = _entered.get(home)
    if known is None:
        known = _entered[home] = ServerHome(home, address, live=home == LIVE)
    await known.enter()
    return known


async def leave(home: str) -> None:
    """Hear no more of it; safe to call for any home."""
    known = _entered.get(home)
    if known is not None:
        await known.leave()


async def sign_in(home: str, person: str) -> Said:
    """Be *person* there, from now on. Raises HomeNotEnteredError."""
    known = _known(home)
    await known.sign_in(person)
    return known.said


def _known(home: str) -> ServerHome:
    known = _entered.get(home)
    if known is None:
        raise HomeNotEnteredError(home)
    return known


class HomeNotEnteredError(VelociousError):
    """A page asked at a home that it has not entered."""

    code = "home_not_entered"

    def __init__(self, home: str) -> None:
        super().__init__(
            f"Nobody has entered the home {home!r}. Call board.enter first, with {SERVER!r} or "
            f"{LIVE!r} and the address of the application."
        )
