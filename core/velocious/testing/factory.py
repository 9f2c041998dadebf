"""Factories: records for tests, of which a test says only what it is about.

Law: a factory is never changed; each of its methods that adds something gives a new one.

factory_boy and polyfactory were looked at: the first saves synchronously, the second makes objects
from type hints; neither awaits, and a record's attributes are its table's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from copy import deepcopy
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import TestingError, suggestion
from velocious.testing.made_values import Association, Derived, Sequence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.record.record import Record

_SHARED = (list, dict, set)

type Hook[RecordT] = Callable[[RecordT], Awaitable[object] | object]


def factory[RecordT: Record](model: type[RecordT], /, **attributes: Any) -> Factory[RecordT]:
    """A factory of *model*; *attributes* are what its records have unless a test says otherwise.

    ::

        ProjectFactory = factory(Project, name=sequence("Project {n}"))
        TaskFactory = factory(
            Task, name=sequence("Task {n}"), project=association(ProjectFactory)
        ).trait("done", done=True)

        task = await TaskFactory.create("done", name="Launch")
    """
    return Factory(model, attributes)


def sequence(text: str | Callable[[int], Any]) -> Sequence:
    """Another value for each record: *text* with ``{n}`` in it, or what it returns for 1, 2, 3…"""
    return Sequence(text)


def association(
    made_by: Factory[Any] | Callable[[], Factory[Any]], /, *traits: str, **attributes: Any
) -> Association:
    """A record of another factory, made along with each record; a function names one that is
    defined later.
    """
    return Association(made_by, traits, attributes)


def derived(make: Callable[[Mapping[str, Any]], Any]) -> Derived:
    """A value that depends on the others, which *make* gets by name."""
    return Derived(make)


class Factory[RecordT: Record]:
    """Makes records of one model. Written as ``factory(Task, …)``.

    Attributes:
        model: the record class.
    """

    def __init__(
        self,
        model: type[RecordT],
        attributes: Mapping[str, Any],
        traits: Mapping[str, Mapping[str, Any]] | None = None,
        built: tuple[Hook[RecordT], ...] = (),
        created: tuple[Hook[RecordT], ...] = (),
    ) -> None:
        self.model = model
        self._attributes = dict(attributes)
        self._traits = dict(traits or {})
        self._built = built
        self._created = created

    # Defining

    def extend(self, **attributes: Any) -> Factory[RecordT]:
        """A factory with other or more *attributes*; numbers go on where this one's are."""
        return self._with(attributes={**self._attributes, **attributes})

    def trait(self, name: str, /, **attributes: Any) -> Factory[RecordT]:
        """A factory that knows *attributes* by a *name*: ``TaskFactory.create("done")``."""
        return self._with(traits={**self._traits, name: attributes})

    def after_build(self, hook: Hook[RecordT]) -> Factory[RecordT]:
        """A factory that calls *hook* with each record before it is saved.

        Raises:
            TestingError: it is async; building waits for nothing.
        """
        if iscoroutinefunction(hook):
            raise TestingError(
                f"after_build of the factory of {self.model.__name__} is async, but building waits "
                "for nothing. Use after_create."
            )
        return self._with(built=(*self._built, hook))

    def after_create(self, hook: Hook[RecordT]) -> Factory[RecordT]:
        """A factory that calls *hook* with each record once it is saved; it may be ``async``."""
        return self._with(created=(*self._created, hook))

    # Making

    def attributes_for(self, *traits: str, **given: Any) -> dict[str, Any]:
        """The attributes of a record to be, as a form would send them: no associations."""
        asked = self._asked(traits, given)
        plain = {name: one for name, one in asked.items() if not isinstance(one, Association)}
        return _made(plain, {})

    def build(self, *traits: str, **given: Any) -> RecordT:
        """A record that is not saved; nor are those it is associated with."""
        asked = self._asked(traits, given)
        others = {
            name: one.factory.build(*one.traits, **one.attributes)
            for name, one in asked.items()
            if isinstance(one, Association)
        }
        return self._record(_made(asked, others))

    async def create(self, *traits: str, **given: Any) -> RecordT:
        """A saved record. Raises ValidationError where the factory's own values are not valid."""
        asked = self._asked(traits, given)
        others = {
            name: await one.factory.create(*one.traits, **one.attributes)
            for name, one in asked.items()
            if isinstance(one, Association)
        }
        record = self._record(_made(asked, others))
        await record.save()
        for hook in self._created:
            done = hook(record)
            if isinstance(done, Awaitable):
                await cast("Awaitable[object]", done)
        return record

    def build_many(self, count: int, *traits: str, **given: Any) -> list[RecordT]:
        """*count* records that are not saved."""
        return [self.build(*traits, **given) for _ in range(count)]

    async def create_many(self, count: int, *traits: str, **given: Any) -> list[RecordT]:
        """*count* saved records."""
        return [await self.create(*traits, **given) for _ in range(count)]

    def _record(self, values: Mapping[str, Any]) -> RecordT:
        record = self.model(**values)
        for hook in self._built:
            hook(record)
        return record

    def _with(self, **changed: Any) -> Factory[RecordT]:
        own: dict[str, Any] = {
            "attributes": self._attributes,
            "traits": self._traits,
            "built": self._built,
            "created": self._created,
        }
        return Factory(self.model, **{**own, **changed})

    def _asked(self, traits: tuple[str, ...], given: Mapping[str, Any]) -> dict[str, Any]:
        """What a record gets: the later word counts."""
        asked = dict(self._attributes)
        for name in traits:
            if name not in self._traits:
                raise TestingError(
                    f"The factory of {self.model.__name__} has no trait {name!r}. "
                    f"{suggestion(name, self._traits)} Define it: factory(…).trait({name!r}, …)"
                )
            asked |= self._traits[name]
        # Who gives a key does not want a record made for it.
        for name, value in self._attributes.items():
            if isinstance(value, Association) and f"{name}_id" in given:
                asked.pop(name, None)
        return asked | dict(given)


def _made(asked: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    """The values, in the order they were asked for; derived ones at last."""
    made: dict[str, Any] = {}
    for name, value in asked.items():
        if name in others:
            made[name] = others[name]
        elif isinstance(value, Sequence):
            made[name] = value.next()
        elif not isinstance(value, Derived):
            # A list of the factory's own is not shared by its records.
            made[name] = deepcopy(value) if type(value) in _SHARED else value
    for name, value in asked.items():
        if isinstance(value, Derived):
            made[name] = value.make(made)
    return made
