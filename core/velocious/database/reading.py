"""What a block has read: the link in a task's chain that notes it.

Law: it notes before it reads, so that no change falls between; it changes nothing that is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from velocious.database.effects import effects, mentioned, names
from velocious.errors import LiveWriteError

if TYPE_CHECKING:
    from velocious.database.changes import Change


class Reading:
    """The words of all that was asked, by the place of the database; a link in the chain of
    :data:`velocious.database.transaction.innermost`.

    Attributes:
        words: place → the words among which the tables' names are.
        ended: whether the block is over: what its tasks do afterwards is not noted.
    """

    __slots__ = ("ended", "words")

    #: Read where chains are walked: it is no transaction of any database, and begins a chain.
    database: ClassVar[None] = None
    outer: ClassVar[None] = None

    def __init__(self) -> None:
        self.words: dict[str, set[str]] = {}
        self.ended = False

    @property
    def reading(self) -> Self | None:
        """What the links inside of it note their reads in."""
        return None if self.ended else self

    def note_statement(self, place: str, sql: str) -> None:
        """As :meth:`note`, for any statement. Raises LiveWriteError where it changes something."""
        if effects[sql] is not None:
            raise LiveWriteError(sql)
        self.note(place, sql)

    def note(self, place: str, sql: str) -> None:
        """*sql*, which reads, is about to be run on the database at *place*."""
        words = self.words.get(place)
        if words is None:
            self.words[place] = set(mentioned[sql])
        else:
            words |= mentioned[sql]

    def is_touched_by(self, change: Change) -> bool:
        """Whether what was read may be different after *change*."""
        if change.place is None:
            return bool(self.words)
        words = self.words.get(change.place)
        if words is None:
            return False
        if change.tables is None:
            return True
        return any(names(words, table) for table in change.tables)
