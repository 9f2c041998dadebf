"""Who may use the server's board: two people with different rights.

A demo asks nobody for a password: whoever says that they are Ben, is Ben. What Ben may do is
decided where the rows are (``app/resources``), whatever a page says.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who uses the board.

    Attributes:
        id: what sessions remember.
        name: what others see.
        rights: what they may do, in words.
        may_everything: whether no rule stops them.
    """

    id: str
    name: str
    rights: str
    may_everything: bool = False


ADA = Person("ada", "Ada", "may do everything", may_everything=True)
BEN = Person("ben", "Ben", "may add, tick and edit what is not done, and delete nothing")
PEOPLE = {person.id: person for person in (ADA, BEN)}


def person(id: object) -> Person:
    """The one called *id*; Ada for somebody who has not said who they are."""
    return PEOPLE.get(id, ADA) if isinstance(id, str) else ADA
