"""The databases that both sides open: one more is one more entry here."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

#: What the oracle compares decimals with where the database would round them.
EXACT = "exact_decimal"


class Place(NamedTuple):
    """Where one example lives: the URL that records use, and the oracle's engine."""

    url: str
    engine: Engine


def _sqlite(directory: str) -> Place:
    path = f"{directory}/differential.sqlite3"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path)
        connection.create_collation(EXACT, _compared)
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    return Place(f"sqlite:///{path}", engine)


def _compared(one: str, other: str) -> int:
    left, right = Decimal(one), Decimal(other)
    return (left > right) - (left < right)


ENGINES: dict[str, Callable[[str], Place]] = {"sqlite": _sqlite}
