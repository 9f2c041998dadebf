"""The databases that both sides open: one more is one more entry here."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from tests.differential import column_types
from velocious.testing.environment import environment_called

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncConnection

    from tests.differential.column_types import Types
    from velocious.testing.environment import TestEnvironment

#: What the oracle compares decimals with where the database would round them.
EXACT = "exact_decimal"


class Place(NamedTuple):
    """Where one example lives.

    Attributes:
        settings: how records name the database.
        connection: the oracle's own; what it writes is committed at once.
        types: how the oracle stores each kind.
        collations: kinds that compare and sort by a collation that has to be named.
        nulls_last: whether NULL sorts behind all values unless the order says something else.
    """

    settings: Any
    connection: Connection | AsyncConnection
    types: Types = column_types.TYPES
    collations: Mapping[str, str] = {}
    nulls_last: bool = False

    async def execute(self, statement: Any, rows: Sequence[Any] | None = None) -> Any:
        """The result of *statement*, for each of *rows* if there are some."""
        result: Any = self.connection.execute(statement, rows)
        return await result if hasattr(result, "__await__") else result


@asynccontextmanager
async def _sqlite(_: TestEnvironment) -> AsyncGenerator[Place]:
    with tempfile.TemporaryDirectory(prefix="velocious-differential-") as directory:
        path = f"{directory}/differential.sqlite3"

        def connect() -> sqlite3.Connection:
            connection = sqlite3.connect(path)
            connection.create_collation(EXACT, _compared)
            return connection

        engine = create_engine(
            "sqlite://", creator=connect, poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            yield Place(f"sqlite:///{path}", connection, collations={"decimal": EXACT})


def _compared(one: str, other: str) -> int:
    left, right = Decimal(one), Decimal(other)
    return (left > right) - (left < right)


@asynccontextmanager
async def _postgresql(environment: TestEnvironment) -> AsyncGenerator[Place]:
    async with environment.databases.fresh("") as settings:
        parts = urlsplit(str(settings))
        session = {name: value for name, [value] in parse_qs(parts.query).items()}
        url = f"postgresql+asyncpg://{parts.netloc}{parts.path}"
        engine = create_async_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"server_settings": {**session, "jit": "off"}},
        )
        async with engine.connect() as connection:
            yield Place(
                settings,
                connection,
                column_types.POSTGRESQL,
                collations={"string": "C", "text": "C"},
                nulls_last=True,
            )


@asynccontextmanager
async def _mariadb(environment: TestEnvironment) -> AsyncGenerator[Place]:
    async with environment.databases.fresh("") as settings:
        parts = urlsplit(str(settings))
        # The pure package: neither of those that records use.
        engine = create_engine(
            f"mysql+pymysql://{parts.netloc}{parts.path}?charset=utf8mb4",
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"ssl_disabled": True},
        )
        with engine.connect() as connection:
            # Making a TLS context takes longer than most questions.
            yield Place(f"{settings}?sslmode=disable", connection, column_types.MARIADB)


_OPENED = {"node-sqlite": _sqlite, "node-postgresql": _postgresql, "node-mariadb": _mariadb}
#: How many bits a column of the type `integer` takes.
BITS = {"sqlite": 64, "postgresql": 32, "mariadb": 32}
ENGINES = {name.removeprefix("node-"): name for name in _OPENED}


def environment_of(engine: str) -> TestEnvironment:
    """The place of *engine*. Without its server: a skip, or a failure on continuous integration."""
    return environment_called(ENGINES[engine])


def opened(environment: TestEnvironment) -> AbstractAsyncContextManager[Place]:
    """An empty database of *environment*, open for both sides."""
    return _OPENED[environment.name](environment)
