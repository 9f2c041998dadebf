"""Starlette, with aiosqlite."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import aiosqlite
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

SELECT = "SELECT id, name, done, position FROM tasks ORDER BY id LIMIT 20"


def application(database: str) -> Any:
    connection: Any = None

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncGenerator[None]:
        nonlocal connection
        async with aiosqlite.connect(database) as connection:
            yield

    async def ping(_: Request) -> JSONResponse:
        return JSONResponse({"pong": True})

    async def echo(request: Request) -> JSONResponse:
        body = await request.json()
        return JSONResponse(
            {
                "id": request.path_params["id"],
                "q": request.query_params["q"],
                "n": body["n"],
                "note": body["note"],
            }
        )

    async def rows(_: Request) -> JSONResponse:
        async with connection.execute(SELECT) as cursor:
            found = await cursor.fetchall()
        return JSONResponse(
            [
                {"id": row[0], "name": row[1], "done": bool(row[2]), "position": row[3]}
                for row in found
            ]
        )

    return Starlette(
        routes=[
            Route("/ping", ping),
            Route("/echo/{id:int}", echo, methods=["POST"]),
            Route("/rows", rows),
        ],
        lifespan=lifespan,
    )
