"""A CREATE TABLE statement whose parts can be replaced.

Law: what is not changed stays as it was written, letter by letter: checks, collations, generated
columns, comments.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from velocious.database.sqlite.clauses import clauses, named_in
from velocious.database.sqlite.tokens import same_name, tokens
from velocious.errors import MigrationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from velocious.database.sqlite.clauses import Clause
    from velocious.database.sqlite.tokens import Token

_TABLE_CONSTRAINTS = frozenset({"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"})


@dataclass(frozen=True, slots=True)
class Definition:
    """One entry in the parentheses: a column, or constraints of the table."""

    text: str

    @property
    def column(self) -> str | None:
        """The name of the column; None for a constraint of the table."""
        first = tokens(self.text)[0]
        return None if first.keyword in _TABLE_CONSTRAINTS else first.name

    @property
    def clauses(self) -> list[Clause]:
        words = tokens(self.text)
        return clauses(words[1:] if self.column else words)

    def without(self, unwanted: Callable[[Clause], bool]) -> Definition:
        """The definition without the clauses that are *unwanted*."""
        text = self.text
        for clause in reversed(self.clauses):
            if unwanted(clause):
                # Newlines stay: one may end a comment.
                text = text[: clause.start].rstrip(" \t") + text[clause.end :]
        return Definition(text)

    def with_clause(self, kind: str, sql: str) -> Definition:
        """The column with *sql* as its only clause of *kind*."""
        bare = self.without(lambda clause: clause.kind == kind)
        return bare._insert(bare._end_of_type, f" {sql}")

    def with_type(self, declared: str) -> Definition:
        """The column with another type."""
        name_end = tokens(self.text)[0].end
        return Definition(f"{self.text[:name_end]} {declared}{self.text[self._end_of_type :]}")

    @property
    def _end_of_type(self) -> int:
        words = tokens(self.text)
        first = self.clauses[0].start if self.clauses else len(self.text)
        return max(word.end for word in words if word.end <= first)

    def _insert(self, place: int, text: str) -> Definition:
        return Definition(self.text[:place] + text + self.text[place:])


@dataclass(frozen=True, slots=True)
class CreateTable:
    """A table's definition in parts; every change gives a new one.

    Attributes:
        definitions: columns and constraints, in their order.
        options: what follows the parentheses (``WITHOUT ROWID``, ``STRICT``).
    """

    definitions: tuple[Definition, ...]
    options: str

    @classmethod
    def parse(cls, sql: str) -> CreateTable:
        """The parts of *sql*, as SQLite keeps it.

        Raises:
            MigrationError: for a virtual table, which has no columns to change.
        """
        words = tokens(sql)
        if [word.keyword for word in words[:2]] != ["CREATE", "TABLE"]:
            raise MigrationError(
                f"{sql[:60]!r}… is not an ordinary table, so its columns cannot be changed. "
                "Drop it and create it again: self.execute(…)."
            )
        opening, closing = _parentheses(words)
        body = sql[opening.end : closing.start]
        return cls(tuple(_split(body)), sql[closing.end :].strip())

    def sql(self, name: str) -> str:
        """The statement that makes the table under the quoted *name*."""
        body = ",".join(definition.text for definition in self.definitions)
        return f"CREATE TABLE {name} ({body}) {self.options}".rstrip()

    @property
    def without_rowid(self) -> bool:
        return any(word.keyword == "ROWID" for word in tokens(self.options))

    def column(self, name: str) -> Definition:
        """The definition of the column called *name*."""
        return next(one for one in self.definitions if same_name(one.column, name))

    def with_column(self, name: str, changed: Definition) -> CreateTable:
        """The table with another definition of the column called *name*."""
        return self._with(
            changed if same_name(one.column, name) else one for one in self.definitions
        )

    def adding_column(self, text: str) -> CreateTable:
        """The table with one more column, behind the others."""
        columns = sum(1 for one in self.definitions if one.column)
        before, after = self.definitions[:columns], self.definitions[columns:]
        return self._with((*before, Definition(f"\n  {text}"), *after))

    def adding_constraint(self, text: str) -> CreateTable:
        """The table with one more constraint of its own."""
        return self._with((*self.definitions, Definition(f"\n  {text}\n")))

    def without_constraints_of(self, name: str) -> CreateTable:
        """The table without the foreign keys and the uniqueness of the column called *name*."""

        def inline(clause: Clause) -> bool:
            return clause.kind in ("REFERENCES", "UNIQUE")

        def own(clause: Clause) -> bool:
            return clause.kind in ("FOREIGN", "UNIQUE") and _has(named_in(clause), name)

        freed = self.with_column(name, self.column(name).without(inline))
        return freed._with(one if one.column else one.without(own) for one in freed.definitions)

    def without_foreign_key(self, columns: Sequence[str]) -> CreateTable:
        """The table without the foreign key of exactly these columns."""

        def inline(clause: Clause) -> bool:
            return clause.kind == "REFERENCES"

        def own(clause: Clause) -> bool:
            names = named_in(clause) if clause.kind == "FOREIGN" else []
            return len(names) == len(columns) and all(map(same_name, names, columns))

        only = columns[0] if len(columns) == 1 else ""
        return self._with(
            one.without(inline if same_name(one.column, only) else own)
            if one.column is None or same_name(one.column, only)
            else one
            for one in self.definitions
        )

    def check_names(self) -> list[str]:
        """The names of its checks that have one."""
        checks = (clause for one in self.definitions for clause in one.clauses)
        names = (_check_name(clause) for clause in checks)
        return [name for name in names if name is not None]

    def without_check(self, name: str) -> CreateTable:
        """The table without the check called *name*."""
        return self._with(
            one.without(lambda clause: same_name(_check_name(clause), name))
            for one in self.definitions
        )

    def _with(self, definitions: Iterable[Definition]) -> CreateTable:
        kept = tuple(one for one in definitions if tokens(one.text))
        return replace(self, definitions=kept)


def _parentheses(words: list[Token]) -> tuple[Token, Token]:
    opening = next(word for word in words if word.text == "(" and word.depth == 0)
    closing = next(
        word
        for word in words
        if word.text == ")" and word.depth == 0 and word.start > opening.start
    )
    return opening, closing


def _split(body: str) -> list[Definition]:
    start = 0
    parts: list[Definition] = []
    for word in tokens(body):
        if word.text == "," and word.depth == 0:
            parts.append(Definition(body[start : word.start]))
            start = word.end
    return [*parts, Definition(body[start:])]


def _check_name(clause: Clause) -> str | None:
    named = clause.kind == "CHECK" and clause.tokens[0].keyword == "CONSTRAINT"
    return clause.tokens[1].name if named else None


def _has(names: list[str], name: str) -> bool:
    return any(same_name(one, name) for one in names)
