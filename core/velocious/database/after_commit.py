"""Puts something off until what the running task is doing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.database.transaction import Scope, innermost

if TYPE_CHECKING:
    from velocious.database.callbacks import Callback


def after_commit(callback: Callback) -> bool:
    """Call or await *callback* when the innermost open transaction of the running task, on
    whichever database, has been committed; it is forgotten when that is rolled back. False: there
    is none.

    A task that was started inside of a transaction is inside of it until it ends.
    """
    scope = innermost.get()
    while scope is not None:
        if isinstance(scope, Scope) and not scope.ended:
            scope.top.after_commit(callback)
            return True
        scope = scope.outer
    return False
