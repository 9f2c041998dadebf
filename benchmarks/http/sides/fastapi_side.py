"""FastAPI, with Pydantic and SQLAlchemy."""

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from benchmarks.http.sides import sqlalchemy_rows


class Note(BaseModel):
    n: int
    note: str


def application(database: str) -> Any:
    app = FastAPI()
    sessions = sqlalchemy_rows.session_maker(database)

    @app.get("/ping")
    async def ping() -> Any:
        return {"pong": True}

    @app.post("/echo/{id}")
    async def echo(id: int, q: str, body: Note) -> Any:
        return {"id": id, "q": q, "n": body.n, "note": body.note}

    @app.get("/rows")
    async def rows() -> Any:
        return await sqlalchemy_rows.rows(sessions)

    return app
