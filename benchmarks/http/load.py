"""Asks a server, over connections that stay open: ``python -m benchmarks.http.load``.

A process of its own, which takes orders as lines: port, how many requests over how many
connections, and the request in hexadecimal digits; it prints the last answer's body when all have
come.
"""

from __future__ import annotations

import asyncio
import sys
from typing import cast

import uvloop


class Client(asyncio.Protocol):
    """One connection; the next request leaves when the answer to the last one is whole."""

    def __init__(self, request: bytes, count: int) -> None:
        self._request, self._left = request, count
        self._buffer = b""
        self.done: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        if not head.startswith(b"HTTP/1.1 200"):
            self.done.set_exception(RuntimeError(head.decode() + "\n" + body.decode()))
            self._transport.close()
            return
        self._buffer = b""
        self._left -= 1
        if self._left:
            self._transport.write(self._request)
        else:
            self._transport.close()
            self.done.set_result(body)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(RuntimeError(f"The server hung up: {error}"))


def _length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0])


async def ask(port: int, count: int, connections: int, request: bytes) -> bytes:
    """Send *request* *count* times; the last answer's body."""
    loop = asyncio.get_running_loop()
    clients = [Client(request, count // connections) for _ in range(connections)]
    for client in clients:
        await loop.create_connection(lambda client=client: client, "127.0.0.1", port)
    answers = await asyncio.gather(*(client.done for client in clients))
    return answers[-1]


def main() -> None:
    for line in sys.stdin:
        port, count, connections, request = line.split()
        body = uvloop.run(ask(int(port), int(count), int(connections), bytes.fromhex(request)))
        print(body.hex(), flush=True)


if __name__ == "__main__":
    main()
