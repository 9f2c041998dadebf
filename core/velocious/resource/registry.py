"""The resources of an application, by what clients call them and by model.

Law: two resources of one model, and relationships to models that have none, stop the start.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

from velocious import current
from velocious.errors import (
    ResourceDeclarationError,
    SchemaNotLoadedError,
    TenantError,
    UnknownResourceError,
    UnknownTableError,
)
from velocious.resource.exposure import Exposure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from velocious.configuration import Configuration
    from velocious.resource.resource import Resource


logger = logging.getLogger("velocious.resource")


class Resources:
    """What an application exposes."""

    def __init__(self, classes: Iterable[type[Resource]]) -> None:
        self._by_name: dict[str, Exposure] = {}
        self._by_model: dict[type[Any], Exposure] = {}
        self._is_ready = False
        for resource in dict.fromkeys(classes):
            self._add(Exposure(resource))

    def _add(self, exposure: Exposure) -> None:
        known = self._by_name.get(exposure.name)
        if known is not None:
            raise ResourceDeclarationError(
                f"{known.resource.__name__} and {exposure.resource.__name__} are both resources "
                f"of {exposure.name}. A model has one: merge them, or derive one from the other "
                "and leave out the parent's `model`."
            )
        self._by_name[exposure.name] = self._by_model[exposure.model] = exposure

    def check(self) -> None:
        """Compare the resources with each other. Raises ResourceDeclarationError."""
        for exposure in self:
            for name, relationship in exposure.relationships.items():
                if relationship.polymorphic:
                    continue
                target = relationship.target()
                if self.of(target) is None:
                    raise ResourceDeclarationError(
                        f"{exposure.resource.__name__}.relationships names {name!r}, whose model "
                        f"{target.__name__} has no resource. Write one (`class "
                        f"{target.__name__}Resource(Resource):` with `model = {target.__name__}`), "
                        "or take the name out."
                    )

    async def start(self) -> None:
        """:meth:`ready` for a server: while an application is written, a list that names what is
        not there yet is no reason not to start.
        """
        try:
            await self.ready()
        except ResourceDeclarationError:
            if current.configuration().environment != "development":
                raise
            logger.exception("What is exposed to clients cannot be served as it is declared")

    async def ready(self) -> None:
        """Compare all lists with the tables that are there, once; the others are compared when
        they are first used.

        Raises:
            ResourceDeclarationError: they name what is not there.
        """
        if self._is_ready:
            return
        self.check()
        for exposure in self:
            try:
                await exposure.ready()
            except (UnknownTableError, TenantError, SchemaNotLoadedError):
                # A migration has yet to make the table.
                continue
        if current.configuration().has_listeners_elsewhere:
            # Imported here: a process alone waits for its first listener.
            from velocious.resource.live.telling import tells

            for exposure in self:
                tells(exposure.model)
        self._is_ready = True

    def close(self, configuration: Configuration) -> None:
        """*configuration*, whose resources these are, is closed."""
        self._is_ready = False
        telling = sys.modules.get("velocious.resource.live.telling")
        if telling is not None:
            telling.be_silent(configuration)

    def find(self, name: Any) -> Exposure:
        """What clients call *name*. Raises UnknownResourceError."""
        found = self._by_name.get(name) if isinstance(name, str) else None
        if found is None:
            raise UnknownResourceError(name, self._by_name)
        return found

    def at(self, path: str) -> Exposure | None:
        """The one whose commands lie at *path*."""
        return next((one for one in self if one.path == path), None)

    def of(self, model: Any) -> Exposure | None:
        """The one of *model*; None without."""
        return self._by_model.get(model)

    @property
    def classes(self) -> list[type[Resource]]:
        """The resource classes."""
        return [one.resource for one in self]

    def __iter__(self) -> Iterator[Exposure]:
        return iter([*self._by_name.values()])

    def __len__(self) -> int:
        return len(self._by_name)


def application_resources(given: Iterable[type[Resource]], package: str | None) -> Resources:
    """*given*, and those of models that were defined inside *package*.

    Raises:
        ResourceDeclarationError: they cannot be served as they are declared.
    """
    # Imported late: both packages know each other's classes.
    from velocious.authorization.base_resource import resources_of
    from velocious.resource.resource import Resource

    found = [] if package is None else resources_of(package)
    return Resources([*given, *(one for one in found if issubclass(one, Resource))])
