"""Saves of exposed models tell everybody who listens, after the commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious import current
from velocious.resource.live.happening import Happening

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from velocious.configuration import Configuration
    from velocious.record.record import Record

#: Event of a model's callbacks → what happened.
EVENTS = {"after_create": "create", "after_update": "update", "after_destroy": "destroy"}
#: The channel that the processes tell each other by; no client can listen there.
INSIDE = "__live.{model}"


#: Model → the configurations for which its records tell.
_for: dict[type[Record], set[Configuration]] = {}


def tells(model: type[Record]) -> None:
    """Let records of *model* say what happens to them, until the configuration is closed."""
    wanting = _for.setdefault(model, set())
    if not wanting:
        for event, action in EVENTS.items():
            name = f"_tell_live_{action}"
            setattr(model, name, _teller(action))
            model._definition.callbacks.add(event, name)
    wanting.add(current.configuration())


def be_silent(configuration: Configuration) -> None:
    """*configuration* is closed: saves are as quick again as they were."""
    for model, wanting in list(_for.items()):
        wanting.discard(configuration)
        if not wanting:
            del _for[model]
            for event, action in EVENTS.items():
                name = f"_tell_live_{action}"
                model._definition.callbacks.remove(event, name)
                delattr(model, name)


def _teller(action: str) -> Callable[[Any], Awaitable[None]]:
    async def tell(record: Record) -> None:
        configuration = current.configuration()
        if not configuration.tells_live or not _is_heard(record):
            return
        if action == "update" and not record.saved_changes():
            return
        happening = Happening.of(action, record)
        channel = INSIDE.format(model=type(record).__name__)
        # The hub waits for the commit.
        await configuration.channels.publish(channel, "happened", happening.to_text())

    return tell


def _is_heard(record: Record) -> bool:
    """Whether clients may hear of *record*: rows in a tenant's own database are found by nobody who
    does not know the tenant.
    """
    model = type(record)
    exposed = current.configuration().resources.of(model) is not None
    return exposed and model._definition.tenant_database is None
