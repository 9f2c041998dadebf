"""What a connection knows of its open transaction beyond what the server says."""

from __future__ import annotations


class Block:
    """The transaction that is open on a connection, if any.

    Attributes:
        aborted: whether the server has ended it by itself, as a deadlock makes it do. What follows
            in its block must not be committed statement by statement.
        wrote: whether something is stored in it, which CREATE TABLE and its kin would commit.
        savepoints: the names of those that are open, in their order.
    """

    __slots__ = ("_undone", "aborted", "savepoints", "wrote")

    def __init__(self) -> None:
        self.aborted = False
        self.wrote = False
        self.savepoints: list[str] = []
        self._undone = ""

    def follow(self, sql: str) -> None:
        """Note that *sql*, a statement of transaction control, has been done."""
        verb, _, name = sql.rpartition("SAVEPOINT ")
        if name in ("BEGIN", "COMMIT", "ROLLBACK"):
            self.wrote = self.aborted = False
            self.savepoints.clear()
        elif verb == "":
            self.savepoints.append(name)
        elif verb == "RELEASE ":
            del self.savepoints[self.savepoints.index(name) :]

    def is_undone(self, sql: str) -> bool:
        """Whether *sql* only asks for what the server has done by ending the transaction: rolling
        back to a savepoint, and then giving it up.
        """
        if sql.startswith("ROLLBACK TO "):
            self._undone = sql.removeprefix("ROLLBACK TO ")
            return True
        undone, self._undone = self._undone, ""
        return bool(undone) and sql == f"RELEASE {undone}"
