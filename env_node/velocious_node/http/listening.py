"""The listening socket, made by us so that a port that is taken can be explained."""

from __future__ import annotations

import errno
import socket

from velocious.errors import CommandError
from velocious_node.http.port_owner import owner_of

BACKLOG = 2048


class BindError(CommandError):
    """The server cannot listen where it was told to."""

    code = "cannot_listen"


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens at *host* and *port* (0: any free port).

    Raises:
        BindError: it cannot; with what to do.
    """
    if not 0 <= port <= 65535:
        raise BindError(f"There is no port {port!r}. Choose one from 1 to 65535: --port 3006.")
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise _explained(error, host, port) from error
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise _explained(error, host, port) from error
    listener.setblocking(False)
    return listener


def inherited(number: int) -> socket.socket:
    """The listening socket that the process which started this one has handed down."""
    listener = socket.socket(fileno=number)
    listener.setblocking(False)
    return listener


def _explained(error: OSError, host: str, port: int) -> BindError:
    place = f"{host}:{port}"
    if error.errno == errno.EADDRINUSE:
        return BindError(f"The port {port} of {host!r} is taken{_by_whom(port)}")
    if error.errno == errno.EACCES:
        return BindError(
            f"Listening at {place} is not permitted: ports below 1024 belong to the system. Choose "
            "a higher one: `velocious server --port 3006`, behind a proxy if need be."
        )
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return BindError(
            f"{host!r} is no address of this machine ({error.strerror}). Choose 127.0.0.1 for this "
            "machine alone, or 0.0.0.0 for everybody: `velocious server --host 127.0.0.1`."
        )
    return BindError(
        f"The server cannot listen at {place}: {error.strerror}. Choose another place: "
        "`velocious server --host 127.0.0.1 --port 3006`."
    )


def _by_whom(port: int) -> str:
    other = f"or choose another port: `velocious server --port {_next(port)}`."
    owner = owner_of(port)
    if owner is not None:
        return f" by {owner}. Stop that program, {other}"
    return (
        f" by another program; `ss -ltnp 'sport = :{port}'` (macOS: `lsof -i :{port}`) tells. "
        f"Stop it, {other}"
    )


def _next(port: int) -> int:
    return port + 1 if port < 65535 else 3006
