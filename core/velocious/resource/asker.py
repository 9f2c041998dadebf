"""Whose request it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.authorization import Ability
from velocious.current import Current

if TYPE_CHECKING:
    from velocious.controller.controller import Controller


async def ability_of(controller: Controller) -> Ability:
    """The ability of the request; that of somebody who is not signed in where nobody says whose it
    is.
    """
    return Current.ability() or Ability()
