"""Says what arrived, for the tests."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

from starlette.responses import Response, StreamingResponse

from velocious.controller import Controller

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

made = [0]
#: What was ordered, and what lets the orders go on that are being carried out.
orders: list[str] = []
gate = asyncio.Event()


class EchoController(Controller):
    body_limit = 64 * 1024 * 1024

    async def echo(self) -> Response:
        body = await self.request.body()
        headers = {"X-Digest": hashlib.sha256(body).hexdigest(), "X-Length": str(len(body))}
        return Response(body, media_type="application/octet-stream", headers=headers)

    async def count(self) -> Response:
        return Response(bytes(range(256)) * (self.params["count"] // 256))

    async def flow(self) -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            for number in range(1_000_000):
                made[0] = number
                yield f"{number}\n".encode()
                await asyncio.sleep(0.001)

        return StreamingResponse(pieces(), media_type="text/plain")

    async def order(self) -> None:
        orders.append(self.params["name"])
        await gate.wait()
        self.render(json=orders)

    async def fails(self) -> None:
        raise RuntimeError("this action always fails")

    async def visits(self) -> Response:
        seen = int(self.request.cookies.get("visits", "0")) + 1
        response = Response(str(seen), media_type="text/plain")
        response.set_cookie("visits", str(seen), httponly=True, samesite="strict")
        return response

    async def where(self) -> None:
        place = self.configuration.environment_handler.name
        cookies = sorted(self.request.cookies)
        headers = dict(self.request.headers)
        self.render(json={"place": place, "cookies": cookies, "headers": headers, "made": made[0]})

    async def upload(self) -> None:
        file = self.params["file"]
        content = await file.read()
        digest = hashlib.sha256(content).hexdigest()
        self.render(json={"name": file.filename, "size": len(content), "digest": digest})
