"""What a column becomes in pages: a cell, a line of facts, a field of a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from velocious.naming import camelize, humanize, pluralize, underscore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from velocious.generator.column import GeneratedColumn

#: What no form can take as text.
WITHOUT_FIELD = ("binary", "json", "jsonb")
SHORT = ("integer", "bigint", "float", "decimal", "date", "time", "datetime")


@dataclass(frozen=True, slots=True)
class ScaffoldField:
    """A column that people see.

    Attributes:
        owner_known: for a reference, whether there is a model to choose from.
    """

    name: str
    kind: str
    required: bool
    values: tuple[str, ...]
    optional: bool
    owner_known: bool

    @property
    def attribute(self) -> str:
        """What the form sends: ``author_id`` of a reference."""
        return f"{self.name}_id" if self.kind == "references" else self.name

    @property
    def label(self) -> str:
        return humanize(self.name)

    @property
    def is_short(self) -> bool:
        """Whether its value belongs on one line."""
        return self.kind in SHORT

    @property
    def owner(self) -> str:
        """The relationship of a reference."""
        return self.name

    @property
    def owner_class(self) -> str:
        return camelize(self.name)

    @property
    def owner_module(self) -> str:
        return underscore(self.owner_class)

    @property
    def choices(self) -> str:
        """What the template calls the records to choose from; "" where there are none."""
        return pluralize(self.name) if self.kind == "references" and self.owner_known else ""

    @property
    def shown(self) -> str:
        """The attribute that pages show."""
        return self.owner if self.choices else self.attribute

    @property
    def needs_owner(self) -> bool:
        """Whether it is a reference that must point at a row."""
        return self.kind == "references" and not self.optional

    @property
    def needs_value(self) -> bool:
        """Whether the model refuses it when it is empty."""
        # Of those that a form takes, False alone is a value where nothing was given.
        return self.needs_owner or (self.required and self.kind != "boolean")

    @property
    def form(self) -> str:
        """The field in the form, as a line of its template."""
        if self.choices:
            return f'{{{{ f.select("{self.attribute}", {self.choices}, prompt="Choose…") }}}}'
        return f'{{{{ f.field("{self.attribute}") }}}}'


def fields_of(
    columns: Sequence[GeneratedColumn], has_model: Callable[[str], bool]
) -> list[ScaffoldField]:
    """The columns that people see. Polymorphic references and documents are left to the
    application.
    """
    return [
        ScaffoldField(
            column.name,
            column.kind,
            column.required,
            column.values,
            "optional" in column.flags,
            column.kind == "references" and has_model(camelize(column.name)),
        )
        for column in columns
        if column.kind not in WITHOUT_FIELD and not column.polymorphic
    ]
