"""Reading from the primary where a replica, which may lag behind, will not do.

Law: only what the running task does, and the tasks it starts, is affected.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

_only_primary: ContextVar[bool] = ContextVar("velocious_only_primary", default=False)


@contextmanager
def using_primary() -> Generator[None]:
    """Read from the primaries of all databases inside the block.

    ::

        with using_primary():
            balance = (await Account.find(5)).balance
    """
    token = _only_primary.set(True)
    try:
        yield
    finally:
        _only_primary.reset(token)


def is_using_primary() -> bool:
    """Whether the running task is inside of :func:`using_primary`."""
    return _only_primary.get()
