"""Who asks, and what the asker may see: the same for all commands of one request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious import current
from velocious.errors import NotExposedError
from velocious.resource.names import camel

if TYPE_CHECKING:
    from collections.abc import Collection

    from velocious.authorization import Ability
    from velocious.configuration import Configuration
    from velocious.controller.controller import Controller
    from velocious.record.record import Record
    from velocious.resource.exposure import Exposure
    from velocious.resource.registry import Resources
    from velocious.resource.resource import Resource
    from velocious.resource.settings import ResourceSettings

#: What a use is called to clients → the list that allows it.
LIST_OF = {
    "filter by": "filterable",
    "sort by": "sortable",
    "pluck": "pluckable",
    "group by": "pluckable",
}


class Asking:
    """One request's asker.

    Attributes:
        ability: what it may do.
        resources: what the application exposes.
        settings: of the endpoint.
        controller: the one that answers; None where nobody asked, as for live events.
        speaks_python: whether the client calls attributes as we do, and reads exact values;
            otherwise they are called as JavaScript does (``createdAt``).
        is_plain: whether all values so far are single ones, so that nobody has to look for what
            JSON would write down wrongly.
    """

    def __init__(
        self,
        controller: Controller | None,
        ability: Ability,
        resources: Resources,
        settings: ResourceSettings,
        *,
        speaks_python: bool = False,
    ) -> None:
        self.controller = controller
        self.configuration: Configuration = (
            current.configuration() if controller is None else controller.configuration
        )
        self.ability = ability
        self.resources = resources
        self.settings = settings
        self.speaks_python = speaks_python
        self.is_plain = True
        self._instances: dict[type[Resource], Resource] = {}
        self._visible: dict[tuple[str, str, int], Any] = {}
        self._field_rules: dict[str, tuple[bool, bool]] = {}

    def called(self, name: str) -> str:
        """What the client calls the attribute *name*."""
        return name if self.speaks_python else camel(name)

    def exposure_of(self, model: Any) -> Exposure:
        """What is exposed of *model*. Raises NotExposedError, which does not say that it exists."""
        found = self.resources.of(model)
        if found is None:
            raise NotExposedError("This application", model.__name__, "ask for", ())
        return found

    def resource(self, exposure: Exposure) -> Resource:
        """The resource that answers for *exposure*, one for each request."""
        found = self._instances.get(exposure.resource)
        if found is None:
            found = exposure.resource.for_asking(self, exposure)
            self._instances[exposure.resource] = found
        return found

    def resource_of(self, record: Record) -> Resource:
        """The resource that answers for *record*."""
        return self.resource(self.exposure_of(type(record)))

    # What of a model may be read

    def visible(self, exposure: Exposure, names: Collection[str], use: str) -> Collection[str]:
        """Those of *names* that the ability lets its user read, or *use* for anything else, on
        every record.
        """
        action = "read" if use == "read" else "filter"
        key = exposure.name, action, id(names)
        found = self._visible.get(key)
        if found is None:
            allowed = self.ability.fields(action, exposure.model)
            found = names if allowed is None else [one for one in names if one in allowed]
            self._visible[key] = found
        return found

    def attribute(self, exposure: Exposure, given: Any, use: str) -> str:
        """The attribute that the client calls *given*, to *use* it.

        Raises:
            NotExposedError: it may not, or there is none.
        """
        return exposure.attribute(given, use, self.allowed(exposure, use))

    def allowed(self, exposure: Exposure, use: str) -> Collection[str]:
        """The attributes of *exposure* that this client may name to *use* them: ``"filter by"``."""
        if use == "read":
            return self.readable(exposure)
        return self.visible(exposure, getattr(exposure, LIST_OF[use]), use)

    def readable(self, exposure: Exposure) -> Collection[str]:
        """What may be read of some records at least."""
        if self.varies(exposure):
            return self._readable_of_some(exposure)
        return self.visible(exposure, exposure.readable, "read")

    def _readable_of_some(self, exposure: Exposure) -> Collection[str]:
        if not self.ability.may("read", exposure.model):
            return ()
        rules = self.ability.rules("read", exposure.model)
        allowing = [rule.fields for rule in rules if rule.allows]
        some = {name for fields in allowing if fields is not None for name in fields}
        never = {
            name
            for rule in rules
            if not rule.allows and rule.is_unconditional
            for name in rule.fields or ()
        }
        every = None in allowing
        return [one for one in exposure.readable if one not in never and (every or one in some)]

    def varies(self, exposure: Exposure) -> bool:
        """Whether what may be read differs from record to record."""
        return self.field_rules(exposure)[1]

    def field_rules(self, exposure: Exposure) -> tuple[bool, bool]:
        """Whether rules have a say in what may be read of records that may be read, and whether
        that differs from record to record.
        """
        found = self._field_rules.get(exposure.name)
        if found is None:
            rules = self.ability.rules("read", exposure.model)
            restricts = any(rule.fields is not None for rule in rules)
            varies = restricts and not all(rule.is_unconditional for rule in rules)
            found = self._field_rules[exposure.name] = restricts, varies
        return found
