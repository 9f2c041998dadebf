"""What a resource exposes: its lists, each name with what stands behind it in the model.

Law: a list that names what is not there stops the start. What no list names does not exist for
clients.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import NotExposedError, ResourceDeclarationError, suggestion
from velocious.record.translated import TranslatedAttribute
from velocious.resource.command import Command
from velocious.resource.names import camel, resource_path
from velocious.resource.resource import Resource
from velocious.resource.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from velocious.record.record import Record
    from velocious.record.relationships.base import Relationship

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

NESTED_OPTIONS = ("attributes", "allow_destroy", "limit")

#: A client chooses the names.
MOST_WRITERS = 100

COLUMN, TRANSLATED, VIRTUAL, PROPERTY = "column", "translated", "virtual", "property"


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
        self.model = _model_of(resource)
        self.name = self.model.__name__
        self.path = resource_path(self.name)
        translated = _names(resource, "translated")
        lists = {one: _names(resource, one) for one in LISTS}
        self.translated = translated
        self.readable = tuple(dict.fromkeys((*lists["attributes"], *translated)))
        self.writable = lists["writable"]
        self.filterable = frozenset(lists["filterable"])
        self.sortable = frozenset(lists["sortable"])
        self.pluckable = frozenset(lists["pluckable"])
        self.relationships = self._relationships(_names(resource, "relationships"))
        self.attachments = self._attachments(_names(resource, "attachments"))
        self.commands = _commands(resource)
        self.nested = self._nested(resource.nested)
        self.blind_keys = _names(resource, "blind_keys")
        self.partners = self._partners()
        self.page_size, self.max_page_size = _sizes(resource)
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

    # The model

    def _relationships(self, names: tuple[str, ...]) -> dict[str, Relationship[Any]]:
        known = {
            name: one
            for name, one in self.model._definition.relationships.items()
            if not one.holds_files
        }
        for name in names:
            if name not in known:
                raise ResourceDeclarationError(
                    f"{self.resource.__name__}.relationships names {name!r}, which is no "
                    f"relationship of {self.name}. {suggestion(name, known)}"
                )
        return {name: known[name] for name in names}

    def _partners(self) -> list[Any]:
        holding: list[Any] = [
            one for one in self.model._definition.relationships.values() if one.holds_key
        ]
        keys = [one.owner_column() for one in holding if one.owner_column() in self.writable]
        for name in self.blind_keys:
            if name not in keys:
                raise ResourceDeclarationError(
                    f"{self.resource.__name__}.blind_keys names {name!r}, which is no key of a "
                    f"belongs_to in its `writable`. {suggestion(name, keys)}"
                )
        return holding

    def _attachments(self, names: tuple[str, ...]) -> dict[str, Any]:
        known: dict[str, Any] = {
            name: one
            for name, one in self.model._definition.relationships.items()
            if one.holds_files
        }
        for name in names:
            if name not in known:
                raise ResourceDeclarationError(
                    f"{self.resource.__name__}.attachments names {name!r}, which is no attachment "
                    f"of {self.name}. {suggestion(name, known)}"
                )
        return {name: known[name] for name in names}

    def translations(self, names: Iterable[str]) -> list[tuple[str]]:
        """The relationships whose rows hold the texts of *names*, as paths to load."""
        found = {
            _class_attribute(self.model, name).relationship.name
            for name in names
            if self.kinds.get(name) == TRANSLATED
        }
        return [(one,) for one in sorted(found)]

    def _nested(self, given: Mapping[str, Any]) -> dict[str, Any]:
        accepted = {one.relationship: one for one in self.model._definition.nested.values()}
        for name, options in given.items():
            unknown = [one for one in options if one not in NESTED_OPTIONS]
            relationship = self.relationships.get(name)
            if relationship is None or not relationship.many or relationship.through:
                problem = "which is no has_many in its `relationships`"
            elif name not in accepted:
                problem = (
                    f"whose records {self.name} does not take: write `{name}_attributes = "
                    f'accepts_nested_attributes_for("{name}")` in the model'
                )
            elif options.get("allow_destroy", False) and not accepted[name].allow_destroy:
                problem = (
                    f"whose records may be destroyed, but {self.name} does not say so: "
                    f'accepts_nested_attributes_for("{name}", allow_destroy=True)'
                )
            elif unknown:
                problem = f"with {unknown[0]!r}; it takes {', '.join(NESTED_OPTIONS)}"
            else:
                continue
            raise ResourceDeclarationError(
                f"{self.resource.__name__}.nested names {name!r}, {problem}."
            )
        return {
            name: {**options, "limit": _smaller(options.get("limit"), accepted[name].limit)}
            for name, options in given.items()
        }

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
        kinds = {name: self._kind(name, schema.attributes) for name in self.readable}
        for name in self.writable:
            own = callable(getattr(self.resource, f"set_{name}_attribute", None))
            if not own and name not in self.attachments:
                kinds.setdefault(name, self._kind(name, schema.attributes, "writable"))
        for listed in _OF_COLUMNS:
            for name in getattr(self, listed):
                if name not in schema.attributes:
                    raise self._not_a_column(listed, name, schema.attributes)
                kinds.setdefault(name, COLUMN)
        self.kinds = kinds
        self._writers.clear()
        self.has_translations = TRANSLATED in kinds.values()
        self._checked_for = schema

    def _kind(self, name: str, columns: Mapping[str, Any], listed: str = "attributes") -> str:
        if listed == "attributes" and callable(getattr(self.resource, f"{name}_attribute", None)):
            return VIRTUAL
        if name in self.model._definition.secrets:
            raise ResourceDeclarationError(
                f"{self.resource.__name__}.{listed} names {name!r}, which {self.name} keeps "
                "secret. Take it out."
            )
        declared = _class_attribute(self.model, name)
        if isinstance(declared, TranslatedAttribute):
            return TRANSLATED
        if name in columns:
            return COLUMN
        settable = getattr(declared, "fset", None) is not None
        if isinstance(declared, property) and (listed == "attributes" or settable):
            return PROPERTY
        prefix, argument = ("", "") if listed == "attributes" else ("set_", ", value")
        raise ResourceDeclarationError(
            f"{self.resource.__name__}.{listed} names {name!r}, which {self.name} does not have. "
            f"{suggestion(name, columns)} For one of the resource's own, write `async def "
            f"{prefix}{name}_attribute(self, record{argument}):`."
        )

    def _not_a_column(
        self, listed: str, name: str, columns: Mapping[str, Any]
    ) -> ResourceDeclarationError:
        return ResourceDeclarationError(
            f"{self.resource.__name__}.{listed} names {name!r}, which is no column of "
            f"{self.name}: the database cannot look at it. {suggestion(name, columns)}"
        )

    def __repr__(self) -> str:
        return f"<Exposure of {self.name} by {self.resource.__name__}>"


def _model_of(resource: type[Resource]) -> type[Record]:
    model: Any = getattr(resource, "model", None)
    if not isinstance(model, type) or not hasattr(model, "_definition"):
        raise ResourceDeclarationError(
            f"{resource.__name__} names no model"
            + (f", but {model!r}" if model is not None else "")
            + ". Write `model = Task` in its body."
        )
    return model


def _names(resource: type[Resource], listed: str) -> tuple[str, ...]:
    given: Any = getattr(resource, listed)
    wrong = isinstance(given, str) or not all(isinstance(one, str) for one in given)
    if wrong:
        raise ResourceDeclarationError(
            f"{resource.__name__}.{listed} is {given!r}; it is a list of names."
        )
    return tuple(given)


def _commands(resource: type[Resource]) -> dict[str, Command]:
    found: dict[str, Command] = {}
    for kind in reversed(resource.__mro__):
        for name, value in vars(kind).items():
            if isinstance(value, Command):
                found[name] = value
            else:
                found.pop(name, None)
    return found


def _sizes(resource: type[Resource]) -> tuple[int, int]:
    sizes = resource.page_size, resource.max_page_size
    if not all(isinstance(one, int) and one >= 1 for one in sizes) or sizes[0] > sizes[1]:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ResourceDeclarationError(
            f"{resource.__name__} has page_size={sizes[0]!r} and max_page_size={sizes[1]!r}; give "
            "whole numbers above 0, the second no smaller than the first."
        )
    return sizes


def _smaller(one: int | None, other: int | None) -> int | None:
    """The smaller of two limits, either of which may be none."""
    return other if one is None else one if other is None else min(one, other)


def _class_attribute(model: type[Record], name: str) -> Any:
    for kind in model.__mro__:
        if name in vars(kind):
            return vars(kind)[name]
    return None
