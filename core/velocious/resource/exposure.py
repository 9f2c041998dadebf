"""What a resource exposes: its lists, each name with what stands behind it in the model.

Law: a list that names what is not there stops the start. What no list names does not exist for
clients.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import NotExposedError, ResourceDeclarationError
from velocious.resource.declaring import (
    attachments_of,
    commands_of,
    model_of,
    names_of,
    nested_of,
    partners_of,
    relationships_of,
    sizes_of,
)
from velocious.resource.kinds import (
    COLUMN,
    TRANSLATED,
    VIRTUAL,
    class_attribute,
    demand_column,
    kind_of,
)
from velocious.resource.names import camel, resource_path
from velocious.resource.resource import Resource
from velocious.resource.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: The lists of names, and what each is for.
LISTS = {
    "attributes": "read",
    "writable": "write",
    "filterable": "filter by",
    "sortable": "sort by",
    "pluckable": "pluck",
}
#: Lists whose names the database must know.
_OF_COLUMNS = ("filterable", "sortable", "pluckable")

#: A client chooses the names.
MOST_WRITERS = 100


class Exposure:
    """A resource class beside its model.

    Attributes:
        name: what clients call it: the model's name.
        path: where its single commands lie.
        readable: what may be read, in order; *writable*, *filterable*, *sortable* and *pluckable*
            likewise.
        relationships: those that may be followed, by name.
        attachments: those whose files may be fetched and attached.
        commands: the application's own, by name.
        partners: the relationships that a row holds the key of.
        blind_keys: keys that may lead to what their writer may not read.
        narrows: whether the resource says itself which records there are.
        halts: whether it is asked before every command.
        serializes: whether it says itself what is sent of a record.
    """

    def __init__(self, resource: type[Resource]) -> None:
        self.resource = resource
        self.model = model_of(resource)
        self.name = self.model.__name__
        self.path = resource_path(self.name)
        translated = names_of(resource, "translated")
        lists = {one: names_of(resource, one) for one in LISTS}
        self.translated = translated
        self.readable = tuple(dict.fromkeys((*lists["attributes"], *translated)))
        self.writable = lists["writable"]
        self.filterable = frozenset(lists["filterable"])
        self.sortable = frozenset(lists["sortable"])
        self.pluckable = frozenset(lists["pluckable"])
        self.relationships = relationships_of(resource, self.model)
        self.attachments = attachments_of(resource, self.model)
        self.commands = commands_of(resource)
        self.nested = nested_of(resource, self.model, self.relationships)
        self.blind_keys = names_of(resource, "blind_keys")
        self.partners = partners_of(resource, self.model)
        self.page_size, self.max_page_size = sizes_of(resource)
        self.narrows = resource.records is not Resource.records
        self.halts = resource.before_action is not Resource.before_action
        self.serializes = resource.serialize is not Resource.serialize
        #: Both forms of each listed name → the name.
        self._listed = self._both_forms(
            [*self.readable, *(one for them in lists.values() for one in them)]
        )
        self._followed = self._both_forms(self.relationships)
        #: name → COLUMN, TRANSLATED, VIRTUAL or PROPERTY; filled when the table is known.
        self.kinds: dict[str, str] = {}
        self.has_translations = False
        self._writers: dict[tuple[tuple[str, ...], bool], Writer | None] = {}
        self._checked_for: object = None

    # Names

    def attribute(self, given: Any, use: str, allowed: Iterable[str]) -> str:
        """The attribute that a client calls *given*, if it is one of *allowed*.

        Raises:
            NotExposedError: it is not, or there is none.
        """
        name = self._listed.get(given) if isinstance(given, str) else None
        if name is None or name not in allowed:
            raise NotExposedError(self.name, given, use, allowed)
        return name

    def known(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """*given* of a client under the names of the lists; what is in none stays as it is."""
        return {self._listed.get(name, name): value for name, value in given.items()}

    def followed(self, given: Any) -> str:
        """The relationship that a client calls *given*. Raises NotExposedError."""
        name = self._followed.get(given) if isinstance(given, str) else None
        if name is None:
            raise NotExposedError(self.name, given, "follow", self.relationships)
        return name

    def is_followed(self, given: Any) -> bool:
        """Whether *given* is a relationship that clients may follow."""
        return isinstance(given, str) and given in self._followed

    def _both_forms(self, names: Iterable[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for name in dict.fromkeys(names):
            for form in (name, camel(name)):
                known = found.setdefault(form, name)
                if known != name:
                    raise ResourceDeclarationError(
                        f"{self.resource.__name__} lists {known!r} and {name!r}, which are both "
                        f"{form!r} to JavaScript. Rename one of them."
                    )
        return found

    def translations(self, names: Iterable[str]) -> list[tuple[str]]:
        """The relationships whose rows hold the texts of *names*, as paths to load."""
        found = {
            class_attribute(self.model, name).relationship.name
            for name in names
            if self.kinds.get(name) == TRANSLATED
        }
        return [(one,) for one in sorted(found)]

    def writer(self, names: tuple[str, ...], *, speaks_python: bool) -> Writer | None:
        """What makes data of *names* of records; None where the resource has a say in one."""
        key = names, speaks_python
        found = self._writers.get(key)
        if found is None and key not in self._writers:
            if not any(self.kinds.get(one) == VIRTUAL for one in names):
                found = Writer(self.model, names, speaks_python=speaks_python)
            if len(self._writers) >= MOST_WRITERS:
                self._writers.clear()
            self._writers[key] = found
        return found

    async def ready(self) -> None:
        """Compare the lists with the model's table, once for each table.

        Raises:
            ResourceDeclarationError: they name what is not there.
        """
        schema = self.model._definition.schema_in_use() or await self.model._definition.ready()
        if self._checked_for is schema:
            return
        columns = schema.attributes
        resource, model = self.resource, self.model
        kinds = {name: kind_of(resource, model, name, columns) for name in self.readable}
        for name in self.writable:
            own = callable(getattr(resource, f"set_{name}_attribute", None))
            if not own and name not in self.attachments:
                kinds.setdefault(name, kind_of(resource, model, name, columns, "writable"))
        for listed in _OF_COLUMNS:
            for name in getattr(self, listed):
                demand_column(resource, model, name, columns, listed)
                kinds.setdefault(name, COLUMN)
        self.kinds = kinds
        self._writers.clear()
        self.has_translations = TRANSLATED in kinds.values()
        self._checked_for = schema

    def __repr__(self) -> str:
        return f"<Exposure of {self.name} by {self.resource.__name__}>"
