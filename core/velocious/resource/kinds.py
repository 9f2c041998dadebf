"""What stands behind a name that a resource lists: a column, a text per locale, a method of the
resource, or a property of the model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import ResourceDeclarationError, suggestion
from velocious.record.translated import TranslatedAttribute

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.record.record import Record
    from velocious.resource.resource import Resource

COLUMN, TRANSLATED, VIRTUAL, PROPERTY = "column", "translated", "virtual", "property"


def kind_of(
    resource: type[Resource],
    model: type[Record],
    name: str,
    columns: Mapping[str, Any],
    listed: str = "attributes",
) -> str:
    """What *name* in the list *listed* of *resource* is.

    Raises:
        ResourceDeclarationError: it is nothing, or a secret.
    """
    if listed == "attributes" and callable(getattr(resource, f"{name}_attribute", None)):
        return VIRTUAL
    if name in model._definition.secrets:
        raise ResourceDeclarationError(
            f"{resource.__name__}.{listed} names {name!r}, which {model.__name__} keeps secret. "
            "Take it out."
        )
    declared = class_attribute(model, name)
    if isinstance(declared, TranslatedAttribute):
        return TRANSLATED
    if name in columns:
        return COLUMN
    settable = getattr(declared, "fset", None) is not None
    if isinstance(declared, property) and (listed == "attributes" or settable):
        return PROPERTY
    prefix, argument = ("", "") if listed == "attributes" else ("set_", ", value")
    raise ResourceDeclarationError(
        f"{resource.__name__}.{listed} names {name!r}, which {model.__name__} does not have. "
        f"{suggestion(name, columns)} For one of the resource's own, write `async def "
        f"{prefix}{name}_attribute(self, record{argument}):`."
    )


def demand_column(
    resource: type[Resource],
    model: type[Record],
    name: str,
    columns: Mapping[str, Any],
    listed: str,
) -> None:
    """Raise ResourceDeclarationError where *name* is no column."""
    if name not in columns:
        raise ResourceDeclarationError(
            f"{resource.__name__}.{listed} names {name!r}, which is no column of "
            f"{model.__name__}: the database cannot look at it. {suggestion(name, columns)}"
        )


def class_attribute(model: type[Record], name: str) -> Any:
    """What the class *model* has as *name*, as it is written there."""
    for kind in model.__mro__:
        if name in vars(kind):
            return vars(kind)[name]
    return None
