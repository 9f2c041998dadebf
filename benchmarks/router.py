"""What finding a route costs, beside Starlette's router, with 10, 100 and 1,000 routes.

Run ``python -m benchmarks.router``. Both are asked for the same requests in turns: the first and
the last route that were drawn, one with a parameter in the middle, and a path that nobody answers.
What answers does nothing, so that what is measured is the search alone.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.routing import Route, Router

from velocious.routing.table import RouteTable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    type Application = Callable[[Any, Any, Any], Awaitable[None]]

SIZES = (10, 100, 1_000)
ROUNDS = 15
CALLS = 400
PER_RESOURCE = 5


async def nothing(scope: Any, receive: Any, send: Any) -> None:
    """Answers nothing."""


class Nothing:
    """The same for Starlette, which takes a function for a view."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        return None


def drawn(size: int) -> list[tuple[tuple[str, ...], str]]:
    """*size* routes, five of each resource."""
    routes: list[tuple[tuple[str, ...], str]] = []
    for number in range(size // PER_RESOURCE):
        path = f"/resource{number}"
        routes += [
            (("GET",), path),
            (("GET",), f"{path}/{{id:int}}"),
            (("GET",), f"{path}/{{id:int}}/edit"),
            (("GET",), f"{path}/{{resource_id}}/items/{{id:int}}"),
            (("GET",), f"{path}/search/recent"),
        ]
    return routes


def ours(size: int) -> Application:
    table = RouteTable((methods, path, nothing) for methods, path in drawn(size))

    async def ask(scope: Any, receive: Any, send: Any) -> None:
        found = table.find(scope)
        if found is not None:
            await found(scope, receive, send)

    return ask


def starlettes(size: int) -> Application:
    routes = [Route(path, Nothing(), methods=list(methods)) for methods, path in drawn(size)]
    router = Router(routes, redirect_slashes=False)

    async def ask(scope: Any, receive: Any, send: Any) -> None:
        try:
            await router(scope, receive, send)
        except HTTPException:
            return

    return ask


def paths(size: int) -> dict[str, str]:
    """What is asked for."""
    last = size // PER_RESOURCE - 1
    return {
        "first": "/resource0",
        "last": f"/resource{last}/search/recent",
        "parameter": f"/resource{last // 2}/7/items/12",
        "miss": f"/resource{last}/7/nothing",
    }


async def microseconds(application: Application, path: str) -> float:
    """What one search costs in a round of them."""
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": path,
        "app": application,
        "headers": [],
    }
    scopes = [dict(scope) for _ in range(CALLS)]
    began = time.perf_counter()
    for one in scopes:
        await application(one, None, None)
    return (time.perf_counter() - began) / CALLS * 1e6


async def compare(size: int) -> None:
    sides = (ours(size), starlettes(size))
    for name, path in paths(size).items():
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(ROUNDS):
            for side, taken in zip(sides, times, strict=True):
                taken.append(await microseconds(side, path))
        we, they = map(min, times)
        print(f"{size:>6}  {name:<10}{we:>9.2f}{they:>13.2f}{we / they:>9.3f}")


async def main() -> None:
    print("routes  asked     Velocious    Starlette    ratio   (µs, the best round)")
    for size in SIZES:
        await compare(size)


if __name__ == "__main__":
    asyncio.run(main())
