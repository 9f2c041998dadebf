"""``state = state_machine(initial=…, states=…, events=…)``: states, and the events between them.

Law: only events change the state. Assigning it raises; what an event assigned is checked against
nothing else until it is saved, where its callbacks run inside the transaction.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import (
    ConfigurationError,
    StateTransitionError,
    UnknownOptionError,
    suggestion,
)
from velocious.record.attribute import Attribute
from velocious.record.declaration import Declaration, add_member, limit_values
from velocious.record.declared import extras

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.record.definition import Definition
    from velocious.record.record import Record

#: A method's name, or a function of the record.
type Hook = str | Callable[[Any], Any]

STATE_OPTIONS = ("before_enter", "after_enter")
EVENT_OPTIONS = ("from_", "to", "guard", "before", "after")
ANY = "*"


@dataclass(frozen=True, slots=True)
class State:
    """A state, and what happens around entering it."""

    name: str
    before_enter: Hook | None = None
    after_enter: Hook | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A way from some states to one."""

    name: str
    sources: tuple[str, ...]
    to: str
    guard: Hook | None = None
    before: Hook | None = None
    after: Hook | None = None


@dataclass(frozen=True, slots=True)
class StateMachine:
    """What a model declared, for programs that look at it."""

    column: str
    initial: str
    states: Mapping[str, State]
    events: Mapping[str, Event]
    pending: str = field(default="", repr=False)


class StateAttribute(Attribute[Any]):
    """The column of a state: read freely, set by events alone."""

    __slots__ = ()

    def __set__(self, record: Record, value: Any) -> None:
        if value != self.__get__(record, type(record)):
            machine = type(record)._definition.state_machines[self.name]
            raise StateTransitionError(
                f"{type(record).__name__}.{self.name} cannot be set to {value!r}: events change "
                f"it. Call one of {', '.join(f'{one}()' for one in machine.events)}, or, past "
                f"guards and callbacks, force_{self.name}({value!r})."
            )


class StateMachineDeclaration(Declaration):
    """See :func:`state_machine`."""

    def __init__(self, initial: str, states: Mapping[str, State], events: Mapping[str, Event]):
        self.initial = initial
        self.states = states
        self.events = events

    def declare(self, definition: Definition, name: str) -> None:
        machine = StateMachine(name, self.initial, self.states, self.events, f"_moves_{name}")
        definition.state_machines[name] = machine
        definition.descriptors[name] = StateAttribute
        definition.defaults[name] = self.initial
        definition.default_setters[name] = lambda record, value: assign(record, name, value)
        limit_values(definition, name, self.states)
        add_member(definition, f"force_{name}", _forcing(machine), name)
        for event in self.events.values():
            for member, function in _members(machine, event).items():
                add_member(definition, member, function, name)
        for step in ("before", "after"):
            add_member(definition, f"_{step}_{name}", _step(machine, step), name)
            definition.callbacks.add(f"{step}_save", f"_{step}_{name}")


def state_machine(
    *, initial: str, states: Mapping[str, Any] | Sequence[str], events: Mapping[str, Any]
) -> Any:
    """States of an attribute, and the events that lead from one to another::

        state: Attribute[str] = state_machine(
            initial="draft",
            states={"draft": {}, "published": {"before_enter": "stamp"}},
            events={"publish": {"from_": "draft", "to": "published", "guard": "is_complete"}},
        )

    New records start with *initial*. ``article.publish()`` assigns the new state, ``await
    article.publish_and_save()`` saves too, ``article.can_publish()`` asks (``await
    article.can_publish_now()`` where the guard is ``async``). While saving, the event's ``before``
    and the state's ``before_enter`` run ahead of the write, ``after_enter`` and ``after`` behind.
    ``from_`` takes one state, several, or ``"*"``.

    Raises:
        ConfigurationError: for states nobody declared, with close matches.
    """
    known = _states(states)
    made = {name: _event(name, given, known) for name, given in events.items()}
    _check_state("initial", initial, known)
    return StateMachineDeclaration(initial, known, made)


def assign(record: Record, column: str, value: str) -> None:
    """Set the state past its machine."""
    if record._assigned is None:
        record._assigned = {}
    record._assigned[column] = value


# What a model gets


def _members(machine: StateMachine, event: Event) -> dict[str, Any]:
    def fire(record: Any) -> Any:
        _demand_source(machine, event, record)
        if not _sync(record, event):
            raise _rejected(event, record, machine)
        _move(machine, event, record)
        return record

    async def fire_and_save(record: Any) -> Any:
        _demand_source(machine, event, record)
        if not await _ask(record, event.guard):
            raise _rejected(event, record, machine)
        before = record.read(machine.column)
        _move(machine, event, record)
        try:
            return await record.save()
        except BaseException:
            _take_back(machine, record, before)
            raise

    def can(record: Any) -> bool:
        return _fits(machine, event, record) and _sync(record, event)

    async def can_now(record: Any) -> bool:
        return _fits(machine, event, record) and await _ask(record, event.guard)

    return {
        event.name: fire,
        f"{event.name}_and_save": fire_and_save,
        f"can_{event.name}": can,
        f"can_{event.name}_now": can_now,
    }


def _forcing(machine: StateMachine) -> Callable[[Any, str], Any]:
    def force(record: Any, state: str) -> Any:
        if state not in machine.states:
            raise StateTransitionError(
                f"{type(record).__name__} has no state {state!r}. "
                f"{suggestion(state, machine.states)}"
            )
        assign(record, machine.column, state)
        extras(record).pop(machine.pending, None)
        return record

    return force


def _step(machine: StateMachine, step: str) -> Callable[[Any], Any]:
    async def run(record: Any) -> None:
        events: list[Event] = extras(record).get(machine.pending, [])
        if events and record.read(machine.column) != events[-1].to:
            # The record was restored since.
            events = []
        for event in events:
            state = machine.states[event.to]
            hooks = (
                (event.before, state.before_enter)
                if step == "before"
                else (state.after_enter, event.after)
            )
            for hook in hooks:
                if hook is not None:
                    await _call(record, hook)
        if step == "after":
            extras(record).pop(machine.pending, None)

    return run


def _move(machine: StateMachine, event: Event, record: Any) -> None:
    assign(record, machine.column, event.to)
    moves = extras(record).get(machine.pending, [])
    extras(record)[machine.pending] = [*moves, event]


def _take_back(machine: StateMachine, record: Any, before: str) -> None:
    # A failed save leaves the record in the state it was in, so that the event can be tried again.
    assign(record, machine.column, before)
    extras(record).pop(machine.pending, None)


# Guards


def _fits(machine: StateMachine, event: Event, record: Any) -> bool:
    return ANY in event.sources or record.read(machine.column) in event.sources


def _demand_source(machine: StateMachine, event: Event, record: Any) -> None:
    if not _fits(machine, event, record):
        raise StateTransitionError(
            f"Cannot transition {event.name!r} from {record.read(machine.column)!r} on "
            f"{type(record).__name__}. Allowed source states: {', '.join(event.sources)}."
        )


def _rejected(event: Event, record: Any, machine: StateMachine) -> StateTransitionError:
    return StateTransitionError(
        f"Guard rejected transition {event.name!r} from {record.read(machine.column)!r} to "
        f"{event.to!r} on {type(record).__name__}."
    )


def _sync(record: Any, event: Event) -> bool:
    if event.guard is None:
        return True
    answer = _answer(record, event.guard)
    if isinstance(answer, Awaitable):
        close = getattr(cast("Any", answer), "close", None)
        if close is not None:
            close()
        raise StateTransitionError(
            f"The guard of {event.name!r} on {type(record).__name__} is async. Call `await "
            f"record.{event.name}_and_save()` or `await record.can_{event.name}_now()`."
        )
    return bool(answer)


async def _ask(record: Any, guard: Hook | None) -> bool:
    return guard is None or bool(await _call(record, guard))


async def _call(record: Any, hook: Hook) -> Any:
    answer = _answer(record, hook)
    return await cast("Awaitable[Any]", answer) if isinstance(answer, Awaitable) else answer


def _answer(record: Any, hook: Hook) -> Any:
    if not isinstance(hook, str):
        return hook(record)
    named = getattr(record, hook)
    return named() if callable(named) else named


# Declarations


def _states(given: Mapping[str, Any] | Sequence[str]) -> dict[str, State]:
    described: dict[str, Any] = (
        dict(given) if isinstance(given, Mapping) else {name: {} for name in given}
    )
    for name, options in described.items():
        _check_options(f"The state {name!r}", options, STATE_OPTIONS)
    return {name: State(name, **options) for name, options in described.items()}


def _event(name: str, given: Mapping[str, Any], states: Mapping[str, State]) -> Event:
    _check_options(f"The event {name!r}", given, EVENT_OPTIONS)
    if "from_" not in given or "to" not in given:
        raise ConfigurationError(
            f"The event {name!r} does not say from where to where: "
            f'{{"{name}": {{"from_": "draft", "to": "published"}}}}.'
        )
    options = dict(given)
    sources, to = options.pop("from_"), options.pop("to")
    names = (sources,) if isinstance(sources, str) else tuple(sources)
    for one in (*names, to):
        if one != ANY or one is to:
            _check_state(f"the event {name!r}", one, states)
    return Event(name, names, to, **options)


def _check_options(owner: str, given: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for option in given:
        if option not in known:
            raise UnknownOptionError(owner, option, known)


def _check_state(owner: str, name: str, states: Mapping[str, State]) -> None:
    if name not in states:
        raise ConfigurationError(
            f"{owner} names the state {name!r}, which is not declared. {suggestion(name, states)}"
        )
