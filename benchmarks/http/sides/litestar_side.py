"""Litestar, with msgspec and SQLAlchemy."""

from typing import Any

import msgspec
from litestar import Litestar, get, post

from benchmarks.http.sides import sqlalchemy_rows


class Note(msgspec.Struct):
    n: int
    note: str


def application(database: str) -> Any:
    sessions = sqlalchemy_rows.session_maker(database)

    @get("/ping")
    async def ping() -> dict[str, bool]:
        return {"pong": True}

    @post("/echo/{id:int}", status_code=200)
    async def echo(id: int, q: str, data: Note) -> dict[str, Any]:
        return {"id": id, "q": q, "n": data.n, "note": data.note}

    @get("/rows")
    async def rows() -> list[dict[str, Any]]:
        return await sqlalchemy_rows.rows(sessions)

    return Litestar([ping, echo, rows], openapi_config=None)
