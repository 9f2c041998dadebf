"""``@at_home``: methods of a model that run where its rows are.

Law: whose rows are in a database of one's own is simply called. Where a backend keeps them, the
command of the same name of its resource is asked instead; nothing of the method runs here.
"""

from __future__ import annotations

import inspect
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate

from velocious.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


def at_home[S, **P, T](
    method: Callable[Concatenate[S, P], Awaitable[T]],
) -> Callable[Concatenate[S, P], Awaitable[T]]:
    """Let *method* of a model run where the rows are::

        class Task(Record):
            @at_home
            async def move(self, before=None):
                async with Task.transaction():
                    …

            @classmethod
            @at_home
            async def counts(cls):
                return [*(await cls.group("project_id").count()).items()]

    Behind a backend ``await task.move(before=5)`` is the command ``move`` of the resource, which
    may well call ``task.move`` over there. Arguments and what is returned are values that JSON with
    marks can hold, and records as what is returned.

    Raises:
        RecordError: a record that was never saved is asked for what happens behind a backend.
    """
    if not inspect.iscoroutinefunction(method):
        raise RecordError(
            f"@at_home is written above {method!r}, which is no `async def` method. With "
            "@classmethod, that comes first."
        )
    signature = inspect.signature(method)
    kinds = {one.kind for one in signature.parameters.values()}
    if inspect.Parameter.VAR_POSITIONAL in kinds or inspect.Parameter.VAR_KEYWORD in kinds:
        raise RecordError(
            f"@at_home is written above {method!r}, which takes any arguments. Name them: a "
            "command is given arguments by name."
        )
    name = method.__name__

    @wraps(method)
    async def called(subject: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        owner: Any = subject
        model: Any = owner if isinstance(owner, type) else type(owner)
        backend = model._definition.remote_home()
        if backend is None:
            return await method(subject, *args, **kwargs)
        _, *given = signature.bind(subject, *args, **kwargs).arguments.items()
        key = None if owner is model else _key(owner, name)
        return await backend.call(model, name, key, dict(given))

    return called


def _key(record: Any, name: str) -> Any:
    if not record.is_persisted:
        raise RecordError(
            f"{record!r} was never saved, and {name}() runs where its row is. Save it first."
        )
    return record.primary_key_value()
