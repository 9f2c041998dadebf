"""Conditions on polymorphic relationships, without the records they compare with.

Law: a key is never sent without the name of its model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import UnsupportedValueError
from velocious.query.conditions import nested_pairs
from velocious.query.shape import as_list, by_class

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.record.record import Record


def plain_pairs(pairs: Mapping[str, Any], model: type[Record]) -> dict[str, Any]:
    """*pairs* of *model*, with columns in place of its polymorphic relationships.

    Raises:
        UnsupportedValueError: for records of several models, which are no equality of columns.
    """
    plain: dict[str, Any] = {}
    for name, value in pairs.items():
        relationship = model._definition.relationships.get(name)
        nested = nested_pairs(value)
        if relationship is None:
            plain[name] = value
        elif relationship.polymorphic:
            plain |= _columns(relationship, value)
        elif nested is not None:
            plain[name] = plain_pairs(nested, relationship.target())
        else:
            plain[name] = value
    return plain


def _columns(relationship: Any, value: Any) -> dict[str, Any]:
    column = relationship.owner_column()
    members = as_list(value)
    if value is None or members == []:
        return {column: members}
    models = by_class([value] if members is None else members)
    if len(models) != 1 or not hasattr(models[0][0], "_definition"):
        raise UnsupportedValueError(
            f"{relationship.name} is compared with {value!r}, which has no plain data. Give stored "
            "records of one model, and join several models with any_of(…) or .or_(…)."
        )
    kind, records = models[0]
    keys = [one.read(relationship.target_column_of(one)) for one in records]
    if None in keys:
        raise UnsupportedValueError(
            f"{relationship.name} is compared with a record that has no key before it is saved."
        )
    named = relationship.name_of(kind)
    return {relationship.type_column(): named, column: keys if members is not None else keys[0]}
