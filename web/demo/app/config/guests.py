"""Who looks at the server's board: guests, by names that nobody has to think of, each as one of the
board's two people.

Law: who somebody is stands in the session, which the server wrote; nothing that a page says of
itself counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

from app.people import ADA, person

if TYPE_CHECKING:
    from app.people import Person

    from velocious.authorization import Ability
    from velocious.controller import Controller
    from velocious.realtime import Admit, Reject, Upgrade

ANIMALS = (
    *("Badger", "Beaver", "Crane", "Dolphin", "Falcon", "Gecko", "Heron", "Ibex", "Jackdaw"),
    *("Lynx", "Marten", "Newt", "Otter", "Puffin", "Raven", "Seal", "Tapir", "Wombat"),
)


@dataclass(frozen=True, slots=True)
class Guest:
    """A browser; all its tabs are the same guest."""

    id: str
    person: Person

    @property
    def name(self) -> str:
        """What the others see."""
        animal = ANIMALS[crc32(self.id.encode()) % len(ANIMALS)]
        return f"{self.person.name} ({animal})"


async def admit(request: Upgrade) -> Admit | Reject:
    """Let everybody in who has asked for ``/person`` before."""
    # Imported here: a page asks for the configuration, and lets nobody in.
    from velocious.realtime import Admit, Identity, Reject

    session = await request.session()
    id = session["guest"]
    if not isinstance(id, str):
        return Reject(401, "Ask for /person first: it says who you are.")
    guest = Guest(id, person(session["person"]))
    return Admit(Identity(guest, id, info={"name": guest.name}))


def ability(controller: Controller | None, user: Guest | None) -> Ability:
    """What whoever asks may do: by the connection that it came through, or by the session."""
    from velocious.authorization import Ability

    if user is not None:
        return Ability(user=user.person)
    return Ability(user=ADA if controller is None else person(controller.session["person"]))
