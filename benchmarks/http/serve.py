"""Serves one framework's application, and prints the port: ``python -m benchmarks.http.serve``."""

from __future__ import annotations

import socket
import sys
import warnings
from importlib import import_module

import uvicorn


def main(side: str, database: str) -> None:
    """Serve until stopped: one worker, uvloop and httptools, no log."""
    # uvicorn says that its way to run WSGI will go one day.
    warnings.simplefilter("ignore", DeprecationWarning)
    application = import_module(f"benchmarks.http.sides.{side}_side").application(database)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    # From here on who connects waits until the server answers.
    listener.listen(128)
    config = uvicorn.Config(
        application,
        http="httptools",
        loop="uvloop",
        interface="wsgi" if side == "flask" else "auto",
        ws="none",
        access_log=False,
        log_level="warning",
        server_header=False,
    )
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main(*sys.argv[1:])
