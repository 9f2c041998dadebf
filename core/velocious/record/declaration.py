"""What stands in a class body as ``name = something(…)`` and shapes the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import ConfigurationError
from velocious.record.validations.inclusion import InclusionValidator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.record.definition import Definition


class Declaration:
    """The base: *declare* adds to the definition of the model it stands in, and of those it is
    inherited by.
    """

    #: Marks it as no obstacle to a column's attribute of the same name.
    native: frozenset[type] = frozenset()

    def declare(self, definition: Definition, name: str) -> None:
        """Add to *definition*; *name* is the member's."""
        raise NotImplementedError


def declare(definition: Definition, name: str, declaration: Declaration) -> None:
    """Add *declaration* once, however often the model inherits it."""
    if declaration not in definition.declarations:
        definition.declarations[declaration] = name
        declaration.declare(definition, name)


class DeclaredValues(InclusionValidator):
    """The values that a declaration gives an attribute."""


def limit_values(definition: Definition, name: str, values: Iterable[Any], **options: Any) -> None:
    """Let the attribute *name* have *values* alone, whatever a parent declared."""
    kept = [
        one
        for one in definition.validators
        if not (isinstance(one, DeclaredValues) and one.attributes == (name,))
    ]
    given = {"in": tuple(values), **options}
    definition.validators = [*kept, DeclaredValues((name,), **given)]


def add_member(definition: Definition, name: str, member: Any, source: str) -> None:
    """Give the model the member *name*, which *source* makes.

    Raises:
        ConfigurationError: where the model, or Record, has one of that name already.
    """
    model = definition.model
    taken = any(name in vars(base) for base in model.__mro__)
    if taken and definition.members.get(name) != source:
        raise ConfigurationError(
            f"{model.__name__}.{source} makes {name!r}, but {model.__name__} has a member of that "
            "name already. Rename one of them, or give a prefix where the declaration takes one."
        )
    definition.members[name] = source
    setattr(model, name, member)
