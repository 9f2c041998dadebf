"""The channels that clients listen to models by, and the one inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious import current
from velocious.authorization import Ability
from velocious.errors import Fault, UnknownResourceError
from velocious.realtime.channel import Channel
from velocious.realtime.history import Keep
from velocious.resource.live.desk import desk_of
from velocious.resource.live.telling import INSIDE, tells

if TYPE_CHECKING:
    from velocious.resource.exposure import Exposure

#: Seconds after which an ability is asked for again: roles change while sockets stay open.
FRESH = 30.0


class FrontendModels(Channel):
    """``"frontend-models"`` with ``{"model": "Task"}``: what happens to records of one model.

    Params: ``model``; ``since``, the ``position`` of the last event that arrived before; ``form``,
    ``"python"`` for a client that calls attributes as we do.
    """

    pattern = "frontend-models"

    exposure: Exposure
    _ability: Ability
    _asked_at: float

    @property
    def model(self) -> str:
        """What the client calls the model."""
        return str(self.params.get("model", ""))

    @property
    def since(self) -> str | None:
        """The position of the last event that the client got before."""
        given = self.params.get("since")
        return given if isinstance(given, str) else None

    @property
    def speaks_python(self) -> bool:
        return self.params.get("form") == "python"

    async def authorize(self) -> bool:
        resources = current.configuration().resources
        await resources.ready()
        try:
            self.exposure = resources.find(self.model)
        except UnknownResourceError as error:
            raise Fault("unknown_model", "There is no such model.", status=404) from error
        await self.exposure.ready()
        await self._ask()
        if not self._ability.may("read", self.exposure.model):
            return False
        tells(self.exposure.model)
        # Before the client is told that it listens: it hears everything from then on.
        await desk_of(self.connection.engine).open(self.exposure)
        return True

    async def ability_now(self) -> Ability:
        """What the client may do, asked not long ago."""
        if self._now() - self._asked_at > FRESH:
            await self._ask()
        return self._ability

    async def subscribed(self) -> None:
        mine = [one for one in self.connection.subscriptions.values() if one.channel is self]
        desk_of(self.connection.engine).add(self, mine[0])

    async def unsubscribed(self) -> None:
        await desk_of(self.connection.engine).remove(self)

    async def _ask(self) -> None:
        self._asked_at = self._now()
        # Who has no ability has that of somebody who is not signed in, as in requests.
        self._ability = await self.ability() or Ability()

    def _now(self) -> float:
        return self.connection.engine.schedule.monotonic()


class NamedModels(FrontendModels):
    """The same by name alone: ``"frontend-models.Task"``."""

    pattern = "frontend-models.{model}"


class Inside(Channel):
    """What the processes tell each other; clients may never listen."""

    pattern = INSIDE
    history = Keep(count=1000, seconds=300)

    async def authorize(self) -> bool:
        return False


CHANNELS: tuple[type[Channel], ...] = (FrontendModels, NamedModels, Inside)
