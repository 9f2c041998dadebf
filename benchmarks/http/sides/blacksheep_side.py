"""BlackSheep, with aiosqlite."""

from typing import Any

import aiosqlite
from blacksheep import Application, Request, json

SELECT = "SELECT id, name, done, position FROM tasks ORDER BY id LIMIT 20"


def application(database: str) -> Any:
    app = Application()
    opened: list[Any] = []

    @app.on_start
    async def start(_: Any) -> None:
        opened.append(await aiosqlite.connect(database))

    @app.on_stop
    async def stop(_: Any) -> None:
        await opened.pop().close()

    @app.router.get("/ping")
    async def ping() -> Any:
        return json({"pong": True})

    @app.router.post("/echo/{id}")
    async def echo(request: Request, id: int, q: str) -> Any:
        body = await request.json()
        return json({"id": id, "q": q, "n": body["n"], "note": body["note"]})

    @app.router.get("/rows")
    async def rows() -> Any:
        async with opened[0].execute(SELECT) as cursor:
            found = await cursor.fetchall()
        return json(
            [
                {"id": row[0], "name": row[1], "done": bool(row[2]), "position": row[3]}
                for row in found
            ]
        )

    return app
