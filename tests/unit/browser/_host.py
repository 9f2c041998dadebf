"""The page around a worker, kept in memory."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class RecordedHost:
    """Takes everything that Python says to its page."""

    def __init__(self, state: str = "durable") -> None:
        self.state = state
        self.logged: list[tuple[str, str]] = []
        self.emitted: list[tuple[str, Any]] = []
        self.locks: dict[int, str] = {}
        self.receive: Callable[[str], None] | None = None

    def log(self, level: str, text: str, /) -> None:
        self.logged.append((level, text))

    def progress(self, step: str, label: str, loaded: float, total: float, /) -> None:
        self.emitted.append((step, [label, loaded, total]))

    def emit(self, event: str, payload: str, /) -> None:
        self.emitted.append((event, json.loads(payload)))

    async def reserve(self, count: int, /) -> None:
        self.emitted.append(("reserve", count))

    def storage(self) -> str:
        return json.dumps({"state": self.state, "reason": f"it is {self.state}", "usage": 1})

    async def storageStatus(self) -> str:
        nothing: dict[str, Any] = {"contents": [], "beside": {"files": 0, "bytes": 0}, "advice": []}
        return json.dumps({**json.loads(self.storage()), **nothing})

    async def exportFile(self, path: str, name: str, /) -> None:
        self.emitted.append(("file", [path, name]))

    async def lock(self, request: int, name: str, milliseconds: float, /) -> bool:
        if name in self.locks.values():
            return False
        self.locks[request] = name
        return True

    async def unlock(self, request: int, /) -> None:
        self.locks.pop(request, None)

    def openChanges(self, receive: Callable[[str], None], /) -> None:
        self.receive = receive

    def sendChanges(self, text: str, /) -> None:
        self.emitted.append(("changes", json.loads(text)))

    def closeChanges(self) -> None:
        self.receive = None

    async def runInOwner(self, words: str, named: str, /) -> str:
        raise AssertionError("a tab that is alone had another one run a command")

    def schemaChanged(self) -> None:
        self.emitted.append(("schema changed", None))

    async def turn(self) -> None:
        await asyncio.sleep(0)

    def tab(self) -> str:
        return ""

    def ask(self, js_content: Any, /) -> None:
        raise AssertionError("a tab that is alone asked another one")

    def answer(self, name: str, js_content: Any, /) -> None:
        raise AssertionError("a tab that is alone answered another one")
