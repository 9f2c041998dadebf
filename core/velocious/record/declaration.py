"""What stands in a class body as ``name = something(…)`` and shapes the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import ConfigurationError

if TYPE_CHECKING:
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


def add_member(definition: Definition, name: str, member: Any, source: str) -> None:
    """Give the model the member *name*, which *source* makes.

    Raises:
        ConfigurationError: where the model, or Record, has one of that name already.
    """
    model = definition.model
    existing = next((vars(base)[name] for base in model.__mro__ if name in vars(base)), None)
    if existing is not None and getattr(existing, "made_by", None) != source:
        raise ConfigurationError(
            f"{model.__name__}.{source} makes {name!r}, but {model.__name__} has a member of that "
            "name already. Rename one of them, or give a prefix where the declaration takes one."
        )
    setattr(model, name, member)
