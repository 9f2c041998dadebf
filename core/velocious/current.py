"""What is current: the configuration of the process, or of the task, and the task's tenant.

Law: the last opened configuration is the process's; a task may run under another one with
:func:`use`. The process-wide value exists because callbacks that come from JavaScript see the
default context. A tenant is never the process's: it belongs to a block of a task, the tasks that
are started inside of it inherit it, and those that outlive it reach no database with it.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from velocious.errors import CurrentConfigurationNotSetError, TenantError

if TYPE_CHECKING:
    from collections.abc import Generator

    from velocious.configuration import Configuration
    from velocious.database.database import Database

_opened: list[Configuration] = []
_used: ContextVar[Configuration | None] = ContextVar("velocious_configuration", default=None)


def configuration() -> Configuration:
    """The configuration in use.

    Raises:
        CurrentConfigurationNotSetError: where none has been opened.
    """
    used = _used.get()
    if used is not None:
        return used
    if not _opened:
        raise CurrentConfigurationNotSetError
    return _opened[-1]


def push(opened: Configuration) -> None:
    """Make *opened* the process's configuration."""
    _opened.append(opened)


def remove(closed: Configuration) -> None:
    """Forget *closed*; the one opened before it is current again."""
    if closed in _opened:
        _opened.remove(closed)


@contextmanager
def use(chosen: Configuration) -> Generator[Configuration]:
    """Run the block, and the tasks started in it, under *chosen*."""
    token = _used.set(chosen)
    try:
        yield chosen
    finally:
        _used.reset(token)


class Current:
    """What the running task works with.

    ::

        Current.tenant()  # inside `async with configuration.run_with_tenant(account):`
    """

    @staticmethod
    def configuration() -> Configuration:
        """The configuration in use. Raises CurrentConfigurationNotSetError where none is open."""
        return configuration()

    @staticmethod
    def tenant() -> Any:
        """The tenant of the block that the task is in, or None."""
        scope = tenant_scope.get()
        return None if scope is None else scope.tenant


class TenantScope:
    """A block of :meth:`Configuration.run_with_tenant`.

    Attributes:
        owner: the configuration it belongs to.
        tenant: whatever the application calls a tenant; None for none.
        databases: the tenant's own databases, by the one they stand in for.
        ended: whether the block is over.
    """

    __slots__ = ("databases", "ended", "outer", "owner", "tenant")

    def __init__(self, owner: object, tenant: Any) -> None:
        self.owner = owner
        self.tenant = tenant
        self.databases: dict[Database, Database] = {}
        self.ended = False
        self.outer = tenant_scope.get()


#: The innermost block of the running task, or one inherited from the task that started it.
tenant_scope: ContextVar[TenantScope | None] = ContextVar("velocious_tenant", default=None)


def tenant_scope_of(owner: object) -> TenantScope | None:
    """The running task's innermost tenant scope that belongs to *owner*.

    Raises:
        TenantError: the block has ended that the task was started in.
    """
    scope = tenant_scope.get()
    while scope is not None and scope.owner is not owner:
        scope = scope.outer
    if scope is not None and scope.ended:
        raise TenantError(
            "This task was started inside `async with configuration.run_with_tenant(…):`, and that "
            "block has ended. Wait for the task inside the block, or begin a block in the task."
        )
    return scope
