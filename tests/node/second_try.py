"""What may fail once where nobody sits in front of it: tests of real processes and sockets.

A busy machine may stall one of them for seconds. With ``CI=true`` such a test gets a second try, as
a page does; the summary names it (``RERUN``), and it is to be looked into. What is broken fails
twice. What draws its questions at random is never tried again: there a failure is a find.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

_ROOM = "tests/node/"


def give_second_try(items: Iterable[pytest.Item]) -> None:
    if os.environ.get("CI") != "true":
        return
    for item in items:
        if item.nodeid.startswith(_ROOM) and not _is_random(item):
            item.add_marker(pytest.mark.flaky(reruns=1))


def _is_random(item: pytest.Item) -> bool:
    called = getattr(item, "obj", None)
    is_drawn = bool(getattr(called, "is_hypothesis_test", False))
    return is_drawn or "drill" in item.nodeid or "model" in item.path.name
