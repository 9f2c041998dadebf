"""What the commands of a migration have in common."""

from __future__ import annotations

import inspect
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, ClassVar

from velocious.migration.changes import Changes
from velocious.migration.lookup import Lookup
from velocious.migration.steps import Steps
from velocious.progress import silent
from velocious.sql.definition_compiler import DefinitionCompiler

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from velocious.database.database import Database
    from velocious.migration.recorder import Recorder
    from velocious.progress import Progress

type Awaited[ResultT] = Coroutine[Any, Any, ResultT]


class Commands:
    """A migration at work.

    Attributes:
        database: the database it runs on.
        steps: what it has done and is doing.
        progress: who is told how far long steps are.
        recorder: notes what is called in place of doing it, while it is to be undone.
    """

    disable_transaction: ClassVar[bool] = False

    def __init__(
        self,
        database: Database,
        *,
        progress: Progress | None = None,
        steps: Steps | None = None,
    ) -> None:
        self.database = database
        self.steps = steps or Steps()
        self.progress = progress or silent()
        self.recorder: Recorder | None = None
        self._find = Lookup(database)
        self._make = Changes(database, self._find, self.steps)
        self._compiler = DefinitionCompiler(database.dialect)


def command[**ParametersT](
    method: Callable[ParametersT, Awaited[None]],
) -> Callable[ParametersT, Awaited[None]]:
    """A method that changes something: must be awaited, and is only noted while it is undone."""

    @wraps(method)
    def call(*args: ParametersT.args, **kwargs: ParametersT.kwargs) -> Awaited[None]:
        migration: Any = args[0]
        coroutine = _perform(migration, method, args, kwargs)
        migration.steps.expect_await(coroutine, method.__name__)
        return coroutine

    return call


def question[**ParametersT, ResultT](
    method: Callable[ParametersT, Awaited[ResultT]],
) -> Callable[ParametersT, Awaited[ResultT]]:
    """A method that must be awaited, and runs while a migration is undone, too: it changes nothing
    itself.
    """

    @wraps(method)
    def call(*args: ParametersT.args, **kwargs: ParametersT.kwargs) -> Awaited[ResultT]:
        coroutine = method(*args, **kwargs)
        migration: Any = args[0]
        migration.steps.expect_await(coroutine, method.__name__)
        return coroutine

    return call


async def _perform(
    migration: Commands,
    method: Callable[..., Awaited[None]],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> None:
    if migration.recorder is not None:
        migration.recorder.record(method.__name__, arguments(method, args, kwargs))
        return
    with migration.steps.step(method.__name__, *args[1:], **kwargs):
        await method(*args, **kwargs)


def arguments(
    method: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> dict[str, Any]:
    """The arguments of a call by their names, without ``self``."""
    bound = _signature(method).bind(*args, **kwargs)
    values = dict(bound.arguments)
    values.pop("self")
    for name, parameter in _signature(method).parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            values |= values.pop(name, {})
    return values


@cache
def _signature(method: Callable[..., object]) -> inspect.Signature:
    return inspect.signature(method)
