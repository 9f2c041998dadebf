"""What of a record leaves the server: the attributes that were named, and of related records those
that were named for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import RenderError
from velocious.record.record import Record

if TYPE_CHECKING:
    #: ``["id", "name", {"project": ["id", "name"]}]``
    type Attributes = Iterable[str | Mapping[str, Attributes]]
    #: Names, each with what is chosen of the related records behind it; None for plain attributes.
    type Chosen = tuple[tuple[str, Chosen | None], ...]


def chosen(attributes: Attributes) -> Chosen:
    """*attributes* in one form.

    Raises:
        RenderError: they are no list of names, or name what is private.
    """
    if isinstance(attributes, str) or not isinstance(attributes, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise RenderError(
            f"attributes={attributes!r} is no list of names. Write attributes=[{attributes!r}]."
        )
    found: list[tuple[str, Chosen | None]] = []
    for item in attributes:
        if type(item) is not str and isinstance(item, Mapping):
            found += [(_public(name), chosen(inner)) for name, inner in item.items()]
        else:
            found.append((_public(item), None))
    return tuple(found)


def record_data(record: Record, items: Chosen) -> dict[str, Any]:
    """A dictionary of *items* of *record*.

    Raises:
        RelationshipNotLoadedError: a related record was chosen, and is not loaded.
    """
    return {
        name: _value(record, name) if inner is None else _related(getattr(record, name), inner)
        for name, inner in items
    }


def _value(record: Record, name: str) -> Any:
    value: Any = getattr(record, name)
    inside = cast("list[Any]", value) if type(value) in _LISTS else (value,)
    if any(isinstance(one, Record) for one in inside):
        # It would be rendered with the attributes that were meant for the record around it.
        raise RenderError(
            f"{type(record).__name__}#{name} is a record itself. Say what of it may leave the "
            f'server: attributes=["id", {{"{name}": ["id", "name"]}}].'
        )
    return value


_LISTS = frozenset({list, tuple})


def _related(value: Any, items: Chosen) -> Any:
    if value is None:
        return None
    if isinstance(value, Record):
        return record_data(value, items)
    return [record_data(one, items) for one in cast("Iterable[Record]", value)]


def _public(name: Any) -> str:
    if isinstance(name, str) and name[:1] != "_":
        return name
    raise RenderError(
        f"attributes names {name!r}, which is no attribute of a record. Name attributes, and "
        'relationships as {"project": ["id", "name"]}.'
    )
