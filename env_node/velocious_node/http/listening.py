"""The listening socket, made by us so that a port that is taken can be explained."""

from __future__ import annotations

import errno
import os
import socket
import stat

from velocious.errors import CommandError
from velocious_node.http.port_owner import owner_of

BACKLOG = 2048
#: The number that systemd gives to the first socket it hands down.
FIRST_ACTIVATED = 3


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
    # Only where the protocol is said, asyncio turns Nagle's algorithm off for what is accepted;
    # with it, each answer on a kept connection would wait for the client's delayed ACK: 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise _explained(error, host, port) from error
    listener.setblocking(False)
    return listener


def listen_at_path(path: str) -> socket.socket:
    """A Unix socket that listens at *path*, which its owner and group may use.

    Raises:
        BindError: another server listens there, or there is something else.
    """
    if not hasattr(socket, "AF_UNIX"):
        raise BindError("This system has no Unix sockets. Choose a port: --port 3006.")
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _remove_forgotten(path)
        listener.bind(path)
        os.chmod(path, 0o660)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise BindError(
            f"The server cannot listen at the Unix socket {path!r}: {error.strerror or error}. "
            "Choose a path in a folder that it may write, of at most 100 characters: "
            "`velocious server --uds /run/shop/velocious.sock`."
        ) from error
    except BindError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def activated() -> socket.socket | None:
    """The listening socket that systemd has opened for this process (socket activation), if any.

    Raises:
        BindError: it has opened several.
    """
    count, meant = os.environ.pop("LISTEN_FDS", None), os.environ.pop("LISTEN_PID", None)
    if count is None or meant != str(os.getpid()):
        return None
    if count != "1":
        raise BindError(
            f"systemd has opened {count} sockets; this server takes one. Leave one ListenStream= "
            "in the socket unit."
        )
    return inherited(FIRST_ACTIVATED)


def inherited(number: int) -> socket.socket:
    """The listening socket that the process which started this one has handed down."""
    listener = socket.socket(fileno=number)
    listener.setblocking(False)
    return listener


def _remove_forgotten(path: str) -> None:
    """Remove the socket that a killed server has left at *path*; nothing else, and no live one."""
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise BindError(f"There is something at {path!r} that is no socket. Choose another path.")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        if probe.connect_ex(path) == 0:
            raise BindError(
                f"Another server listens at {path!r}. Stop that program, or choose another path."
            )
    os.unlink(path)


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
