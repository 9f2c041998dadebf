"""Serves one side, and prints the port: ``python -m benchmarks.realtime.serve starlette``."""

from __future__ import annotations

import asyncio
import socket
import sys
from importlib import import_module
from signal import SIGTERM

import uvloop


async def serve(side: str, listener: socket.socket) -> None:
    task = asyncio.create_task(import_module(f"benchmarks.realtime.sides.{side}").serve(listener))
    asyncio.get_running_loop().add_signal_handler(SIGTERM, task.cancel)
    print(listener.getsockname()[1], flush=True)
    await asyncio.wait([task])
    if not task.cancelled() and task.exception() is not None:
        raise task.exception() or RuntimeError


def main(side: str) -> None:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.bind(("127.0.0.1", 0))
    # From here on who connects waits until the server answers.
    listener.listen(4096)
    listener.setblocking(False)
    uvloop.run(serve(side, listener))


if __name__ == "__main__":
    main(sys.argv[1])
