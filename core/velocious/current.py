"""What is current: the configuration of the process, or of the task, the task's tenant, and the
request that it answers.

Law: the last opened configuration is the process's; a task may run under another one with
:func:`use`. The process-wide value exists because callbacks that come from JavaScript see the
default context. A tenant or a request is never the process's: it belongs to a block of a task, and
the tasks that are started inside of it inherit it. Those that outlive a tenant's block reach no
database with it.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from velocious import command_words
from velocious.errors import CurrentConfigurationNotSetError, CurrentScopeError, TenantError

if TYPE_CHECKING:
    from collections.abc import Generator

    from starlette.requests import Request

    from velocious.authorization.ability import Ability
    from velocious.configuration import Configuration
    from velocious.controller.controller import Controller
    from velocious.database.database import Database

_opened: list[Configuration] = []

#: Under which a frame's values hold the ability of whoever is being answered.
CURRENT_ABILITY = object()


class Frame:
    """What a block of a task works with: a request's, or one that was begun by hand.

    Attributes:
        configuration: the block's own; None for the process's.
        controller: the one that answers the request, once it is there.
        values: those of :class:`CurrentValue`; None before the first.
    """

    __slots__ = ("configuration", "controller", "values")

    def __init__(
        self, configuration: Configuration | None, controller: Controller | None = None
    ) -> None:
        self.configuration = configuration
        self.controller = controller
        self.values: dict[object, Any] | None = None

    @property
    def home(self) -> Frame | None:
        """The frame that keeps the values; None where they have no place to be kept."""
        return self

    def ability(self) -> Ability | None:
        """What whoever is being answered may do."""
        return None if self.values is None else self.values.get(CURRENT_ABILITY)

    @property
    def request(self) -> Request | None:
        """The request that is answered."""
        return None

    @property
    def request_id(self) -> str | None:
        """What the request is called in the log."""
        return None


#: The innermost frame of the running task. A request sets it once, and nothing else.
running: ContextVar[Frame | None] = ContextVar("velocious_frame", default=None)


def configuration() -> Configuration:
    """The configuration in use.

    Raises:
        CurrentConfigurationNotSetError: where none has been opened.
    """
    frame = running.get()
    if frame is not None and frame.configuration is not None:
        return frame.configuration
    if not _opened:
        raise CurrentConfigurationNotSetError
    return _opened[-1]


def opened() -> Configuration | None:
    """The configuration in use; None where none has been opened."""
    frame = running.get()
    if frame is not None and frame.configuration is not None:
        return frame.configuration
    return _opened[-1] if _opened else None


def is_open(configuration: Configuration) -> bool:
    """Whether *configuration* was opened, and not closed yet."""
    return configuration in _opened


def push(opened: Configuration) -> None:
    """Make *opened* the process's configuration."""
    _opened.append(opened)
    command_words.speak(opened.environment_handler.command_words)


def remove(closed: Configuration) -> None:
    """Forget *closed*; the one opened before it is current again."""
    if closed in _opened:
        _opened.remove(closed)
        command_words.forget(closed.environment_handler.command_words)


@contextmanager
def use(chosen: Configuration) -> Generator[Configuration]:
    """Run the block, and the tasks started in it, under *chosen*."""
    token = running.set(_Inner(running.get(), chosen))
    try:
        yield chosen
    finally:
        running.reset(token)


class _Inner(Frame):
    """A frame inside of another one, whose request it shares, and its values unless it has own."""

    __slots__ = ("_keeps", "_outer")

    def __init__(
        self, outer: Frame | None, configuration: Configuration | None, *, keeps: bool = False
    ) -> None:
        super().__init__(configuration, outer and outer.controller)
        self._outer = outer
        self._keeps = keeps

    @property
    def home(self) -> Frame | None:
        return self if self._keeps else self._outer and self._outer.home

    def ability(self) -> Ability | None:
        if self.values is not None and CURRENT_ABILITY in self.values:
            return self.values[CURRENT_ABILITY]
        return self._outer and self._outer.ability()

    @property
    def request(self) -> Request | None:
        return self._outer and self._outer.request

    @property
    def request_id(self) -> str | None:
        return self._outer and self._outer.request_id


class CurrentValue[T]:
    """Something of the application that belongs to the request that is being answered.

    ::

        current_user = CurrentValue[User]("current_user")

        current_user.set(user)  # in a before filter
        current_user.get()  # anywhere below; None outside of the request

    Requests that run at the same time, and one inside another, never see each other's. Tasks that
    are started in a request share its values.
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def set(self, value: T) -> None:
        """Let everything in this request (or ``with Current.scope():``) see *value*.

        Raises:
            CurrentScopeError: outside of both there is nothing it could belong to.
        """
        frame = running.get()
        home = frame and frame.home
        if home is None:
            raise CurrentScopeError(self.name)
        if home.values is None:
            home.values = {}
        home.values[self] = value

    def get(self) -> T | None:
        """What was set; None before, and outside of requests."""
        frame = running.get()
        home = frame and frame.home
        return None if home is None or home.values is None else home.values.get(self)


class Current:
    """What the running task works with.

    ::

        Current.tenant()  # inside `async with configuration.run_with_tenant(account):`
        Current.request()  # while a request is answered
    """

    @staticmethod
    def request() -> Request | None:
        """The request that is being answered, or None."""
        frame = running.get()
        return frame and frame.request

    @staticmethod
    def request_id() -> str | None:
        """What the request that is being answered is called in the log, or None."""
        frame = running.get()
        return frame and frame.request_id

    @staticmethod
    def controller() -> Controller | None:
        """The controller that answers the request; None outside, and before there is one."""
        frame = running.get()
        return frame and frame.controller

    @staticmethod
    @contextmanager
    def scope() -> Generator[None]:
        """A block with values of its own, which begins with those around it: for jobs, tests and
        work in somebody else's name.
        """
        outer = running.get()
        inner = _Inner(outer, outer and outer.configuration, keeps=True)
        home = outer and outer.home
        inner.values = dict(home.values) if home is not None and home.values else None
        token = running.set(inner)
        try:
            yield
        finally:
            running.reset(token)

    @staticmethod
    def configuration() -> Configuration:
        """The configuration in use. Raises CurrentConfigurationNotSetError where none is open."""
        return configuration()

    @staticmethod
    def ability() -> Ability | None:
        """What whoever is being answered may do; None where nobody said who that is."""
        frame = running.get()
        return frame and frame.ability()

    @staticmethod
    def user() -> Any:
        """The user of :meth:`ability`; None for nobody."""
        ability = Current.ability()
        return None if ability is None else ability.user

    @staticmethod
    @contextmanager
    def with_ability(ability: Ability | None) -> Generator[Ability | None]:
        """``with Current.with_ability(ability):`` a block that works under *ability*: in jobs,
        tests and in somebody else's name.
        """
        with Current.scope():
            frame = running.get()
            assert frame is not None
            frame.values = {**(frame.values or {}), CURRENT_ABILITY: ability}
            yield ability

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
