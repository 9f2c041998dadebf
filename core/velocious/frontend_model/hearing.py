"""What happens to records behind a backend, as its realtime tells it.

Law: what is heard of a model is told in its order, one event after another. After a gap everybody
is told that anything may be different: nothing is missed silently.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, cast

from velocious import current
from velocious.errors import NotRemoteError, RemoteFault
from velocious.frontend_model.rows import row_of, stored
from velocious.record.hydration import hydrate_one
from velocious.record.state import DESTROYED, PERSISTED
from velocious.wire.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from velocious.frontend_model.backend import Backend
    from velocious.realtime.client.channel import ClientChannel, Heard
    from velocious.record.record import Record

_log = logging.getLogger("velocious.frontend_model")

#: The channel of one model, and the event that carries what happened.
CHANNEL = "frontend-models.{model}"
RESYNC = "resync"


class Listener:
    """Somebody who is told of one kind of event, until :meth:`stop`."""

    def __init__(
        self, place: Place, action: str, callback: Callable[[Any], object], record: Record | None
    ) -> None:
        self._place = place
        self.action = action
        self.callback = callback
        self.record = record

    def stop(self) -> None:
        """Tell it no more; safe to call twice."""
        if self in self._place.listeners:
            self._place.listeners.remove(self)


class Place:
    """What is heard of one model, and who is told."""

    def __init__(self, backend: Backend, model: type[Record]) -> None:
        self.listeners: list[Listener] = []
        self._backend = backend
        self._model = model
        self._channel: ClientChannel | None = None
        self._events: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._joining: asyncio.Task[None] | None = None

    async def open(self, *, wait: bool = True) -> None:
        """Hear from now on. *wait*: return once the backend has confirmed it.

        Raises:
            RemoteFault: it refuses.
        """
        if self._channel is not None and self._joining is None:
            return
        if self._joining is None:
            self._joining = asyncio.get_running_loop().create_task(self._join())
        if wait:
            await asyncio.shield(self._joining)

    async def _join(self) -> None:
        client = self._backend.realtime(self._model)
        channel = client.channel(CHANNEL.format(model=self._model.__name__), {"form": "python"})
        self._channel = channel
        channel.on("message", self._take)
        channel.on_resync = self._resync
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._tell())
        try:
            await channel.subscribe()
        except BaseException:
            self._channel = None
            raise
        finally:
            self._joining = None
        # What happened before is not told: whoever has read something reads it again.
        self._resync()

    def close(self) -> None:
        """Hear no more."""
        for task in (self._task, self._joining):
            if task is not None:
                task.cancel()

    def _take(self, heard: Heard) -> None:
        data: Any = heard.data
        if isinstance(data, dict):
            if self._channel is not None and heard.position is not None:
                # Where to go on after a gap.
                self._channel.params["since"] = heard.position
            self._events.put_nowait(cast("dict[str, Any]", data))

    def _resync(self) -> None:
        self._events.put_nowait({"action": RESYNC})

    async def _tell(self) -> None:
        while True:
            event = await self._events.get()
            with current.use(self._backend.configuration):
                try:
                    await self._tell_of(read(event))
                except Exception:
                    # One event that cannot be read must not cost the next.
                    _log.exception("An event of %s could not be told", self._model.__name__)
                self._backend.changed(self._model._definition)

    async def _tell_of(self, event: Mapping[str, Any]) -> None:
        action, said = event.get("action"), event.get("record")
        if action == RESYNC:
            return
        schema = await self._model._definition.ready()
        key = stored(schema.attributes[schema.primary_key], event.get("id"))
        row = row_of(schema, cast("dict[str, Any]", said)) if isinstance(said, dict) else None
        for one in list(self.listeners):
            if one.action != action or (one.record is not None and _key(one.record) != key):
                continue
            await _call(one.callback, self._subject(one, row, key, said))

    def _subject(self, one: Listener, row: Any, key: Any, said: Any) -> Any:
        """What a listener is given: the record, or of a class's destroyed one its key."""
        record = one.record
        if record is None:
            return key if row is None else hydrate_one(self._model, row)
        if row is None:
            record._state = DESTROYED
        elif record._state == PERSISTED:
            # What is assigned and not saved stays.
            record._row = row_of(self._model._definition.schema_or_fail(), said, record._row)
        return record


class Hearings:
    """What is heard from one backend."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._places: dict[type[Record], Place] = {}

    async def listen(
        self,
        model: type[Record],
        action: str,
        callback: Callable[[Any], object],
        record: Record | None = None,
    ) -> Listener:
        """Call *callback* with each event of *action*, of *record* alone where it is given.

        Raises:
            RemoteFault: the backend refuses.
            NotRemoteError: there is no realtime client.
        """
        self._backend.realtime(model)
        place = self._place(model)
        listener = Listener(place, action, callback, record)
        place.listeners.append(listener)
        try:
            await place.open()
        except BaseException:
            listener.stop()
            raise
        return listener

    async def follow(self, models: tuple[type[Record], ...]) -> None:
        """Hear of *models*, for live results: at once where there is a connection, else as soon as
        there is one.
        """
        for model in models:
            client = self._backend.realtime(model)
            try:
                await self._place(model).open(wait=bool(client.cid))
            except RemoteFault as fault:
                # What nobody may hear of may be read nevertheless: it is not followed.
                _log.warning("%s is not followed: %s", model.__name__, fault)

    def close(self) -> None:
        """Hear nothing any more."""
        for place in self._places.values():
            place.close()
        self._places.clear()

    def _place(self, model: type[Record]) -> Place:
        if model not in self._places:
            self._places[model] = Place(self._backend, model)
        return self._places[model]


def realtime_of(backend: Backend, model: type[Record]) -> Any:
    """The realtime client of *backend*. Raises NotRemoteError where there is none."""
    given: Any = backend.settings.websocket
    client = given() if callable(given) else given
    if client is None:
        raise NotRemoteError(
            model.__name__,
            "what happens live",
            'Give the backend a realtime client: {"backend": …, "websocket": client}.',
        )
    return client


def _key(record: Record) -> Any:
    schema = type(record)._definition.schema_or_fail()
    return record._row[schema.attributes[schema.primary_key].index]


async def _call(callback: Callable[[Any], object], subject: Any) -> None:
    try:
        answer = callback(subject)
        if isinstance(answer, Awaitable):
            await cast("Awaitable[object]", answer)
    except Exception:
        _log.exception("A listener of live events failed: %r", callback)
