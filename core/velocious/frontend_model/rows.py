"""From what a backend says of records to rows, and back.

Law: a row holds the values as a database would that stores every Python value as it is; only JSON
is text, so that a change inside of it is noticed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from velocious.errors import UnsupportedValueError
from velocious.record.schema import NOT_SELECTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from velocious.record.record import Record
    from velocious.record.schema import AttributeSchema, ModelSchema

RELATED = "__preloadedRelationships"
#: What a record may have beside attributes.
OTHERS = frozenset({RELATED, "__selectedAttributes"})


class RelatedRow(tuple[Any, ...]):
    """A row that came with those of related records.

    Attributes:
        related: relationship → what was said of its records.
    """

    related: Mapping[str, Any]


def row_of(
    schema: ModelSchema, said: Mapping[str, Any], before: tuple[Any, ...] | None = None
) -> tuple[Any, ...]:
    """The row of a record of which the backend says *said*; what it leaves out is as it was
    *before*, or was not selected.
    """
    missing = (NOT_SELECTED,) * len(schema.attributes) if before is None else before
    values = [
        stored(attribute, said[name]) if name in said else missing[attribute.index]
        for name, attribute in schema.attributes.items()
    ]
    related = said.get(RELATED)
    if not related:
        return tuple(values)
    row = RelatedRow(values)
    row.related = related
    return row


def rows_of(schema: ModelSchema, said: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """:func:`row_of` for many."""
    return [row_of(schema, one) for one in said]


def stored(attribute: AttributeSchema, value: Any) -> Any:
    """*value*, as the backend sent it, as rows hold it."""
    if value is None or type(value) in attribute.type.exact:
        return value
    try:
        return attribute.type.encode(value)
    except UnsupportedValueError:
        # Shown as it is: reading it says what is wrong, where anything is.
        return value


def sent(attribute: AttributeSchema, encoded: Any) -> Any:
    """*encoded*, as a row holds it, as it is sent."""
    if encoded is None or not attribute.type.decodes:
        return encoded
    return attribute.type.decode(encoded)


def key_of(record: Record, schema: ModelSchema) -> Any:
    """The key of the stored *record*, as it is sent."""
    from velocious.record.selecting import selected_key

    return sent(schema.attributes[schema.primary_key], selected_key(record, schema))


def first_of(response: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The first record that *response* speaks of."""
    models = response.get("models")
    said: Any = response.get("model") if models is None else models and models[0]
    return cast("Mapping[str, Any]", said) if isinstance(said, dict) else None
