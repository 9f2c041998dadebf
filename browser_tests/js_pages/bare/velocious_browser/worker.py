"""The entry points of the worker, with nothing of Velocious behind them.

The tests of the storage below Python need no records: they send Python code, which sets ``result``.
"""

from __future__ import annotations

import ast
import inspect
import json
import sqlite3
from typing import Any

namespace: dict[str, Any] = {}


class RefusedError(Exception):
    """An error with a code and details, as Velocious' errors have."""

    code = "refused"

    def __init__(self, details: dict[str, Any]) -> None:
        self.details = details
        super().__init__("the test asked for an error")


async def start(boot: str, host: Any) -> None:
    namespace.update(boot=json.loads(boot), host=host, RefusedError=RefusedError)


async def call(action: str, payload: str, number: int) -> str:
    if action != "run":
        raise RefusedError({"action": action})
    namespace["result"] = None
    code = compile(json.loads(payload), "<test>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    waiting = eval(code, namespace)
    if inspect.isawaitable(waiting):
        await waiting
    return json.dumps(namespace["result"])


async def run_command(arguments: str) -> str:
    return json.dumps({"output": f"ran {json.loads(arguments)!r}\n", "exitCode": 0})


async def close() -> None:
    for value in namespace.values():
        if isinstance(value, sqlite3.Connection):
            value.close()
