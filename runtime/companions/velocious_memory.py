"""Python's memory: when it is looked through for garbage, and how a later visit takes it up.

Law: whatever a module made up when it was imported is made up anew on every visit: two visits
never draw the same random numbers.
Only the seed of Python's own hashes stays, which each browser has drawn for itself.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from importlib import import_module
from typing import Any

import velocious_archives


def collect_from_now() -> None:
    """Python has started (see ``sitecustomize``). What is there stays, and is never looked through
    again.
    """
    gc.freeze()
    gc.enable()


def imported(archives: str) -> str:
    """The modules that came out of *archives* so far, in the order that they were asked for.

    *archives*: JSON of their paths; the answer is JSON, too.
    """
    places = tuple(f"{path}/" for path in json.loads(archives))
    modules = list(sys.modules.items())
    return json.dumps([name for name, module in modules if _origin(module).startswith(places)])


def prepare(modules: str) -> None:
    """Import *modules* (JSON of their names), and leave nothing behind that could be missed."""
    for name in json.loads(modules):
        import_module(name)
    gc.collect()


def renew() -> None:
    """Taken up by another visit, whose files, clock and luck are others."""
    velocious_archives.reopen()
    if "random" in sys.modules:
        sys.modules["random"].seed()
    _forget("uuid", _node=None, _last_timestamp=None, _last_timestamp_v7=None)
    _forget("tempfile", _name_sequence=None, tempdir=None)
    _forget("logging", _startTime=time.time_ns())
    # Pyodide puts it there once for each of the two.
    if sys.path[:2] == ["", ""]:
        del sys.path[0]


def _forget(name: str, **values: Any) -> None:
    module = sys.modules.get(name)
    for attribute, value in values.items():
        if hasattr(module, attribute):
            setattr(module, attribute, value)


def _origin(module: Any) -> str:
    return getattr(getattr(module, "__spec__", None), "origin", None) or ""
