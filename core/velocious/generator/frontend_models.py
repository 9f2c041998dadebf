"""Writes a frontend model for each resource: what clients see of it, typed.

Law: what is written depends on the resources and the tables alone, in the order of names, so that
the same application gets the same bytes everywhere. Nothing is written of what no resource lists.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, cast

from velocious.authorization import BaseResource
from velocious.errors import CommandError
from velocious.generator.imports import add_import, imports_text
from velocious.generator.value_type import can_be_named, value_type
from velocious.naming import underscore
from velocious.record import BelongsTo, HasMany, HasOne, Record
from velocious.resource.kinds import COLUMN

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.generator.imports import Imports
    from velocious.resource.command import Command
    from velocious.resource.exposure import Exposure

FOLDER = "app/frontend_models"
FIRST_LINE = '"""{}, as its backend shows it. `velocious g:frontend-models` writes this file.'
#: Annotations of methods that mean the same everywhere.
_PLAIN = frozenset({"str", "int", "float", "bool", "bytes"})


async def frontend_models(configuration: Configuration) -> dict[str, str]:
    """Path → text of the frontend model of each of the application's resources.

    Raises:
        CommandError: there are none, a table is missing, or a resource says nobody may do anything.
        ResourceDeclarationError: a relationship leads to a model without a resource.
    """
    if not configuration.has_resources:
        raise CommandError(
            "There are no resources. Write them in app/resources, or name them in "
            "Configuration(resources=[…])."
        )
    exposures = sorted(configuration.resources, key=lambda one: one.name)
    configuration.resources.check()
    silent = [one.resource.__name__ for one in exposures if _says_nothing(one)]
    if silent:
        raise CommandError(
            f"{', '.join(silent)}: nobody may do anything with these resources. Write their rules: "
            '`def abilities(self): self.can("read")`.'
        )
    missing = [one.name for one in exposures if one.model._definition.schema is None]
    if missing:
        raise CommandError(
            f"There are no tables yet for {', '.join(missing)}. Make them with "
            "`velocious db:migrate`, then run this command again."
        )
    for one in exposures:
        await one.ready()
    return {f"{FOLDER}/{underscore(one.name)}.py": _Model(one).text() for one in exposures}


def _says_nothing(exposure: Exposure) -> bool:
    return exposure.resource.abilities is BaseResource.abilities


class _Model:
    """The file of one resource."""

    def __init__(self, exposure: Exposure) -> None:
        self._exposure = exposure
        self._schema = exposure.model._definition.schema_or_fail()
        #: Imports for type checkers alone, and those that run.
        self._typing: Imports = {}
        self._names: Imports = {
            "typing": {"TYPE_CHECKING", "Any", "ClassVar"},
            "velocious.frontend_model": {"FrontendModel"},
        }

    def text(self) -> str:
        name = self._exposure.name
        members = [
            *self._attributes(),
            *self._relationships(),
            *self._attachments(),
            *self._nested(),
        ]
        commands = [one for one in map(self._command, self._commands()) if one]
        settings = self._settings()
        body = "".join(f"    {line}\n" for line in members)
        typed = imports_text(self._typing, "    ")
        checked = f"if TYPE_CHECKING:\n{typed}\n\n" if typed else ""
        if not typed:
            self._names["typing"].discard("TYPE_CHECKING")
        return (
            f"{FIRST_LINE.format(name)}\n\nChanges to it are lost.\n"
            '"""\n\n'
            "from __future__ import annotations\n\n"
            f"{imports_text(self._names)}\n\n{checked}\n"
            f"class {name}(FrontendModel):\n{settings}\n{body}"
            + "".join(f"\n{one}" for one in commands)
        )

    # What the client need not ask

    def _settings(self) -> str:
        definition = self._exposure.model._definition
        settings: list[str] = []
        if definition.key_name != "id":
            settings.append(f"    primary_key = {definition.key_name!r}\n\n")
        lines = ["    __resource__: ClassVar[dict[str, Any]] = {"]
        lines.append(f'        "primaryKey": {_quoted(self._schema.primary_key)},')
        lines.append('        "attributes": {')
        for name in self._all_names():
            lines.append(f"            {_quoted(name)}: {_literal(self._about(name))},")
        lines.append("        },")
        nested = {name: dict[str, Any]() for name in self._exposure.nested}
        lines.append(f'        "nested": {_literal(nested)},')
        limits = {"maxPageSize": self._exposure.max_page_size}
        lines.append(f'        "limits": {_literal(limits)},')
        return "".join(settings) + "\n".join([*lines, "    }"]) + "\n"

    def _all_names(self) -> list[str]:
        one = self._exposure
        names = [*one.readable, *one.writable, *sorted(one.filterable)]
        names += [*sorted(one.sortable), *sorted(one.pluckable)]
        return [name for name in dict.fromkeys(names) if name not in one.attachments]

    def _about(self, name: str) -> dict[str, Any]:
        about: dict[str, Any] = {}
        attribute = self._column(name)
        if attribute is not None:
            about |= {"type": attribute.type.kind, "null": self._may_be_null(name)}
        about["filterable"] = name in self._exposure.filterable
        return about

    def _column(self, name: str) -> Any:
        is_column = self._exposure.kinds.get(name) == COLUMN
        return self._schema.attributes.get(name) if is_column else None

    def _may_be_null(self, name: str) -> bool:
        return self._schema.attributes[name].column.null and name != self._schema.primary_key

    # Members

    def _attributes(self) -> list[str]:
        return [
            f"{name}: Attribute[{self._type(name)}]"
            for name in self._all_names()
            if _has_room(name) and self._import_typed("velocious.record", "Attribute")
        ]

    def _type(self, name: str) -> str:
        attribute = self._column(name)
        if attribute is None:
            return self._type_of_method(name)
        needed: Imports = {}
        found = value_type(attribute.type, needed, optional=self._may_be_null(name))
        if any(module.partition(".")[0] == "app" for module in needed):
            # A class of the server's own, which its clients do not have.
            return "Any"
        for module, names in needed.items():
            for one in names:
                add_import(self._names if one == "Any" else self._typing, module, one)
        return found

    def _type_of_method(self, name: str) -> str:
        method = getattr(self._exposure.resource, f"{name}_attribute", None)
        if method is None:
            return "Any"
        said = str(inspect.signature(method).return_annotation)
        parts = [one.strip() for one in said.split("|")]
        return said if all(one in {*_PLAIN, "None"} for one in parts) else "Any"

    def _relationships(self) -> list[str]:
        return [
            self._relationship(name, one)
            for name, one in self._exposure.relationships.items()
            if _has_room(name)
        ]

    def _relationship(self, name: str, one: Any) -> str:
        function, kind = _kind_of(one)
        add_import(self._names, "velocious.record", function)
        self._import_typed("velocious.record", kind.__name__)
        if one.polymorphic:
            self._import_typed("velocious.record", "Record")
            return f"{name}: {kind.__name__}[Record | None] = {function}(polymorphic=True)"
        target = one.target().__name__
        if target != self._exposure.name:
            self._import_typed(f"{FOLDER.replace('/', '.')}.{underscore(target)}", target)
        optional = " | None" if kind is BelongsTo and self._may_lack(one) else ""
        options = "".join(f", {key}={_quoted(value)}" for key, value in self._options(one).items())
        return (
            f"{name}: {kind.__name__}[{target}{optional}] = {function}({_quoted(target)}{options})"
        )

    def _may_lack(self, one: Any) -> bool:
        column = self._schema.attributes.get(one.owner_column())
        return column is None or column.column.null

    def _options(self, one: Any) -> dict[str, str]:
        given = {"through": one.through, "source": one.source, "as_": one.as_}
        given |= {"foreign_key": one._foreign_key, "primary_key": one._primary_key}
        return {name: value for name, value in given.items() if value is not None}

    def _attachments(self) -> list[str]:
        lines: list[str] = []
        for name, one in self._exposure.attachments.items():
            function = "has_many_attachments" if one.many else "has_one_attachment"
            add_import(self._names, "velocious.record", function)
            lines.append(f"{name} = {function}()")
        return lines

    def _nested(self) -> list[str]:
        found: list[str] = []
        for name, one in self._exposure.model._definition.nested.items():
            if one.relationship in self._exposure.nested:
                add_import(self._names, "velocious.record", "accepts_nested_attributes_for")
                destroy = self._exposure.nested[one.relationship].get("allow_destroy", False)
                options = ", allow_destroy=True" if destroy else ""
                found.append(
                    f"{name} = accepts_nested_attributes_for({_quoted(one.relationship)}{options})"
                )
        return found

    # Commands

    def _commands(self) -> list[Command]:
        return [self._exposure.commands[name] for name in sorted(self._exposure.commands)]

    def _command(self, one: Command) -> str:
        if not _has_room(one.name):
            return ""
        add_import(self._names, "velocious.frontend_model", "call")
        mark, owner = ("", "self") if one.on == "member" else ("    @classmethod\n", "cls")
        about = inspect.getdoc(one.method) or f"The command {one.name} of the resource."
        first = about.splitlines()[0].replace("\\", "\\\\").replace('"""', "'''")
        return (
            f"{mark}    async def {one.name}({owner}, **arguments: Any) -> Any:\n"
            f'        """{first}"""\n'
            f"        return await call({owner}, {_quoted(one.name)}, **arguments)\n"
        )

    def _import_typed(self, module: str, name: str) -> bool:
        add_import(self._typing, module, name)
        return True


def _kind_of(one: Any) -> tuple[str, type[Any]]:
    if isinstance(one, HasMany):
        return "has_many", HasMany
    return ("has_one", HasOne) if isinstance(one, HasOne) else ("belongs_to", BelongsTo)


def _has_room(name: str) -> bool:
    # What is called like a method of Record is reached with record.read(name), or call(…).
    return can_be_named(name) and not hasattr(Record, name)


def _quoted(text: Any) -> str:
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _literal(value: Any) -> str:
    if isinstance(value, dict):
        members = cast("dict[Any, Any]", value).items()
        pairs = [f"{_quoted(name)}: {_literal(one)}" for name, one in members]
        return "{" + ", ".join(pairs) + "}"
    return _quoted(value) if isinstance(value, str) else repr(value)
