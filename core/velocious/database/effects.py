"""What an SQL text changes, and what it may read, by the text alone.

Law: when in doubt it changes more than it does, and reads more than it does. Values never enter SQL
text, so a program has few texts, and each of them is looked at once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_KEPT = 4096


class Effect(NamedTuple):
    """A change, as far as the text says.

    Attributes:
        verb: ``"INSERT"``, ``"UPDATE"`` or ``"DELETE"``; empty: any of them.
        tables: in small letters, the one that it changes, or with *certain* False the words among
            which its tables are; None: any table.
        certain: whether *tables* is one table.
    """

    verb: str
    tables: frozenset[str] | None
    certain: bool = False


#: A change of nobody knows what.
ANYTHING: Final = Effect("", None)

#: What changes no rows, as far as anybody can see them.
_HARMLESS = frozenset(
    (
        "VALUES TABLE SHOW PRAGMA SET RESET USE ANALYZE VACUUM REINDEX "
        "OPTIMIZE CHECKPOINT LISTEN UNLISTEN NOTIFY LOCK UNLOCK BEGIN START COMMIT END ROLLBACK "
        "SAVEPOINT RELEASE GRANT REVOKE FLUSH COMMENT"
    ).split()
)
_CHANGING = frozenset({"INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE"})
#: What changes something only by a part that they hold: EXPLAIN ANALYZE DELETE, SELECT … INTO.
_HOLDING = frozenset({"SELECT", "EXPLAIN", "DESCRIBE", "DESC", "WITH"})

# What an executable comment of MySQL holds is run: only its opening is passed over.
_START = re.compile(
    r"(?:\s+|;|\(|--[^\n]*(?:\n|\Z)|\#[^\n]*(?:\n|\Z)|/\*M?!\d*|/\*(?!M?!).*?(?:\*/|\Z))*([A-Za-z]*)",
    re.DOTALL,
)
_WORDS = re.compile(r"[\w$]+")
_NAME = r"""(?:"(?P<double>[^"]+)"|`(?P<back>[^`]+)`|(?P<bare>[^\W\d][\w$]*))"""
#: The plain statements, which name one table that cannot be mistaken.
_PLAIN = re.compile(
    rf"\s*(?:(?P<insert>INSERT)\s+INTO\s+|(?P<update>UPDATE)\s+|(?P<delete>DELETE)\s+FROM\s+)"
    rf"{_NAME}(?(insert)\s*(?:\(|VALUES\b|DEFAULT\b|SELECT\b)"
    rf"|(?(update)\s*\bSET\b|\s*(?:\bWHERE\b|;?\s*\Z)))",
    re.IGNORECASE,
)
_COLLIDES = re.compile(r"\bON\s+(?:CONFLICT|DUPLICATE)\b", re.IGNORECASE)
_WRITES = re.compile(
    r"\b(?:(?:INSERT|REPLACE|MERGE)\b[\w\s]*?\bINTO|DELETE\b.*?\bFROM|UPDATE\b.*?\bSET)\b",
    re.IGNORECASE | re.DOTALL,
)
# PostgreSQL runs several statements at once where they have no parameters.
_SEVERAL = re.compile(r";\s*[^\s;]")
_MAKES = re.compile(r"\bSELECT\b.*?\bINTO\b", re.IGNORECASE | re.DOTALL)


class _Effects(dict[str, "Effect | None"]):
    """SQL text → what it changes; None for nothing. Forgets the oldest beyond a few thousand."""

    def __missing__(self, sql: str) -> Effect | None:
        if len(self) >= _KEPT:
            del self[next(iter(self))]
        effect = self[sql] = effect_of(sql)
        return effect


class _Mentioned(dict[str, "frozenset[str]"]):
    """SQL text → every word of it, in small letters."""

    def __missing__(self, sql: str) -> frozenset[str]:
        if len(self) >= _KEPT:
            del self[next(iter(self))]
        words = self[sql] = words_of(sql)
        return words


effects = _Effects()
mentioned = _Mentioned()


def effect_of(sql: str) -> Effect | None:
    """What *sql*, one statement, changes; None for nothing."""
    if _SEVERAL.search(sql):
        return ANYTHING
    plain = _PLAIN.match(sql)
    if plain is not None:
        name: str = plain["double"] or plain["back"] or plain["bare"]
        verb = (plain["insert"] or plain["update"] or plain["delete"]).upper()
        if verb == "INSERT" and _COLLIDES.search(sql):
            verb = "UPDATE"
        return Effect(verb, frozenset({name.lower()}), certain=True)
    start = _START.match(sql)
    word = start[1].upper() if start is not None else ""
    if word in _CHANGING or (word in _HOLDING and (_WRITES.search(sql) or _MAKES.search(sql))):
        # PostgreSQL may spell letters of a name as numbers.
        return ANYTHING if 'u&"' in sql.lower() else Effect("", words_of(sql))
    return None if word in _HARMLESS or word in _HOLDING else ANYTHING


def words_of(sql: str) -> frozenset[str]:
    """Every word of *sql*, in small letters: the names of its tables are among them."""
    return frozenset(_WORDS.findall(sql.lower()))


def names(words: AbstractSet[str], table: str) -> bool:
    """Whether *words* may name *table*; one with spaces or signs in its name always counts."""
    return table.lower() in words or _WORDS.fullmatch(table) is None
