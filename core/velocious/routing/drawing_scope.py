"""What a block of ``app/config/routes.py`` adds to everything that is drawn inside of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from velocious.routing.constraints import NONE
from velocious.routing.path import join

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.routing.constraints import Constraints
    from velocious.routing.route import Place


@dataclass(frozen=True, slots=True)
class DrawingScope:
    """Where drawing is at.

    Attributes:
        path: before every path.
        module: before every controller's name, with its slash.
        name: before every helper's name, without the underscore.
        shallow: whether resources leave out the parents of a member.
        shallow_path: before the path of such a member.
        shallow_name: before its helper's name.
    """

    path: str = ""
    module: str = ""
    name: str = ""
    shallow: bool = False
    shallow_path: str = ""
    shallow_name: str = ""
    constraints: Constraints = NONE
    defaults: Mapping[str, Any] = field(default_factory=dict[str, Any])
    on: Place = "both"

    def inside(
        self,
        *,
        path: str = "",
        module: str = "",
        name: str = "",
        constraints: Constraints = NONE,
        defaults: Mapping[str, Any] | None = None,
        on: Place | None = None,
    ) -> DrawingScope:
        """The scope of a block in this one."""
        return replace(
            self,
            path=join(self.path, path),
            module=f"{self.module}{module.strip('/')}/" if module else self.module,
            name=named(self.name, name),
            shallow_path=join(self.shallow_path, path),
            shallow_name=named(self.shallow_name, name),
            constraints=constraints.within(self.constraints),
            defaults={**self.defaults, **(defaults or {})},
            on=on or self.on,
        )


def named(*parts: str) -> str:
    """One name of those *parts* that are not empty."""
    return "_".join(filter(None, parts))
