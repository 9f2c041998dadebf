"""Finds out which program listens on a port, where the system lets us look (Linux)."""

from __future__ import annotations

import os

LISTENING = "0A"


def owner_of(port: int) -> str | None:
    """The program and process number, such as ``"python3 (process 4711)"``; None if unknown."""
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    if not sockets:
        return None
    for process in filter(str.isdigit, _names("/proc")):
        if any(_link(f"/proc/{process}/fd/{name}") in sockets for name in _descriptors(process)):
            return f"{_program(process)} (process {process})"
    return None


def _listening_inodes(port: int) -> list[str]:
    inodes: list[str] = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in _lines(table)[1:]:
            fields = line.split()
            if fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.append(fields[9])
    return inodes


def _program(process: str) -> str:
    words = "".join(_lines(f"/proc/{process}/cmdline")).split("\0")
    names = [os.path.basename(word) for word in words if word and not word.startswith("-")]
    return " ".join(names[:3]) or "a program"


def _descriptors(process: str) -> list[str]:
    return _names(f"/proc/{process}/fd")


# Processes come and go, and those of other people are closed to us: then there is nothing to see.


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _link(path: str) -> str:
    try:
        return os.readlink(path)
    except OSError:
        return ""


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.readlines()
    except OSError:
        return []
