"""``Authorizing``: whose the request is, and what they may do.

Law: the application is asked once for a request, and not before something needs to know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.controller.keeping import Keeping
from velocious.current import Current
from velocious.errors import AbilityNotSetError

if TYPE_CHECKING:
    from velocious.authorization.ability import Ability
    from velocious.record.record import Record

#: Key of the scope: the websocket that the request came through.
CONNECTION = "velocious.connection"

_UNASKED: Any = object()


class Authorizing(Keeping):
    """The part of :class:`Controller` that knows who asks."""

    _own_ability: Any = _UNASKED

    @property
    def ability(self) -> Ability:
        """What whoever asks may do. Raises AbilityNotSetError where nobody says who that is."""
        found = Current.ability()
        if found is None:
            raise AbilityNotSetError(f"{type(self).__name__}#{self.action}")
        return found

    @property
    def current_user(self) -> Any:
        """The user of the ability; None for somebody who is not signed in."""
        return Current.user()

    async def authorize(self, action: str, record: Record | type[Record]) -> None:
        """Demand that whoever asks may do *action* with *record* (or with some record of a class).

        Raises:
            AccessDeniedError: they may not: an answer of 403.
            AbilityNotSetError: nobody says who they are.
        """
        await self.ability.authorize(action, record)

    def _find_ability(self) -> Ability | None:
        """What the resolver of the application says of this request."""
        if self._own_ability is _UNASKED:
            # Whoever asks while it is looked for finds none, and does not go round in circles.
            self._own_ability = None
            resolver = self.configuration.abilities
            # One that waits is asked before the action.
            if resolver is not None and not resolver.waits:
                self._own_ability = resolver.now(**self._about_the_asker())
        return self._own_ability

    async def _load_ability(self) -> None:
        self._own_ability = None
        resolver = self.configuration.abilities
        if resolver is not None:
            self._own_ability = await resolver.later(**self._about_the_asker())

    def _about_the_asker(self) -> dict[str, Any]:
        connection: Any = self.request.scope.get(CONNECTION)
        return {
            "request": self.request,
            "params": self.params,
            "controller": self,
            "connection": connection,
            "user": None if connection is None else connection.user,
        }
