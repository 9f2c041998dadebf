"""Relationships to records of any model: the key and the name of the model stand side by side.

Law: a key is never used without its type, in loads, queries and joins alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious import current
from velocious.errors import QueryError, UnsupportedValueError
from velocious.query.shape import as_list, by_class, membership
from velocious.record.relationships.belongs_to import BelongsTo
from velocious.record.relationships.keys import keys_of
from velocious.record.relationships.preloader import fetch_by_column
from velocious.record.relationships.type_name import type_name
from velocious.record.state import NEW
from velocious.sql import nodes as n
from velocious.sql.types import ColumnType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from velocious.query.resolution import Resolver
    from velocious.query.sight import Sight
    from velocious.record.record import Record
    from velocious.sql.nodes import Expression


class PolymorphicBelongsTo(BelongsTo[Any]):
    """One record of any model that this one's key and type point at."""

    polymorphic = True

    def type_column(self) -> str:
        """The column that holds the model's name."""
        return f"{self.name}_type"

    def name_of(self, model: type[Record]) -> str:
        """What the type column holds for records of *model*."""
        return type_name(model)

    def key_columns(self) -> tuple[str, ...]:
        return (self.owner_column(), self.type_column())

    def target(self) -> type[Record]:
        raise QueryError(
            f"{self.owner.__name__}.{self.name} is polymorphic: its records are of several models, "
            "so it cannot be joined or searched along. Compare it with a record "
            f"(where({self.name}=record)), or join a has_many(…, as_={self.name!r}) from the other "
            "side."
        )

    def model_for(self, *types: str) -> type[Record]:
        return self.model_named(types[0])

    def model_named(self, name: str) -> type[Record]:
        """The model whose name a row holds. Raises UnknownModelError with close matches."""
        return current.configuration().models.find(name, wanted_by=self.owner)

    def target_column_in(self, model: type[Record]) -> str:
        """The column of *model* that the key is compared with."""
        return self._primary_key or model._definition.key_name

    def target_column_of(self, record: Record) -> str:
        return self.target_column_in(type(record))

    def leads_to(self, record: Record, loaded: Record) -> bool:
        return record.read(self.type_column()) == type_name(type(loaded)) and record.read(
            self.owner_column()
        ) == loaded.read(self.target_column_of(loaded))

    def query(self) -> Any:
        return self.target()

    def limited(self) -> bool:
        return False

    def inverse(self) -> str | None:
        return None

    def __set__(self, record: Record, value: Record | None) -> None:
        if value is not None and not hasattr(value, "_definition"):
            raise UnsupportedValueError(
                f"{type(record).__name__}.{self.name} takes a record of any model or None, not "
                f"{value!r}. To set the key, assign {self.type_column()} and "
                f"{self.owner_column()}."
            )
        known = value is not None and value._state != NEW
        key = value.read(self.target_column_of(value)) if value is not None and known else None
        record.write(self.type_column(), None if value is None else type_name(type(value)))
        record.write(self.owner_column(), key)
        self.put(record, value)

    async def fetch(
        self, owners: Sequence[Record], sight: Sight | None = None
    ) -> list[list[Record]]:
        """One query for each type."""
        types = keys_of(owners, self.type_column())
        found: dict[int, list[Record]] = {}
        for name in dict.fromkeys(types):
            some = [owner for owner, its in zip(owners, types, strict=True) if its == name]
            if name is None:
                continue
            one = self._narrowed(self.model_named(name))
            await one.target()._definition.ready()
            lists = await fetch_by_column(one, some, sight)
            found |= {id(owner): mine for owner, mine in zip(some, lists, strict=True)}
        return [found.get(id(owner), []) for owner in owners]

    def _narrowed(self, model: type[Record]) -> BelongsTo[Any]:
        one: BelongsTo[Any] = BelongsTo(
            model, self._scope, foreign_key=self.owner_column(), primary_key=self._primary_key
        )
        one.name, one.owner = self.name, self.owner
        return one

    def reached(self, targets: Sequence[Record]) -> dict[type[Record], Sequence[Record]]:
        by_model: dict[type[Record], list[Record]] = {}
        for target in targets:
            by_model.setdefault(type(target), []).append(target)
        return dict(by_model)

    def equal_to_record(self, resolver: Resolver, value: Any) -> Iterable[Expression]:
        """Type and key compared with those of the record *value*, or of each record of a list; None
        is a key that is NULL.
        """
        key = resolver.joins.schemas[resolver.path].attributes[self.owner_column()]
        alias = resolver.joins.aliases[resolver.path]
        column = n.Column(alias, key.name)
        kind = n.Column(alias, self.type_column())
        key_type = _AnyRecordKey(key.type, self)
        members = as_list(value)
        if members is None:
            members = [value]
        present = [member for member in members if member is not None]
        found: list[Expression] = [] if len(present) == len(members) else [n.IsNull(column)]
        for model, some in by_class(present):
            if not hasattr(model, "_definition"):
                raise self._no_record(some[0])
            named = n.Binary(kind, "=", n.Fixed(type_name(model)))
            found.append(n.All((named, membership(column, key_type, len(some)))))
        yield found[0] if len(found) == 1 else n.Either(tuple(found))

    def _no_record(self, value: Any) -> UnsupportedValueError:
        return UnsupportedValueError(
            f"{self.name} is polymorphic and is compared with records or None, not with "
            f"{value!r}. To compare the columns, write {self.type_column()}=… and "
            f"{self.owner_column()}=…."
        )


class _AnyRecordKey(ColumnType):
    """The key of a record of whatever model; the type is compared beside it."""

    def __init__(self, key_type: ColumnType, relationship: PolymorphicBelongsTo) -> None:
        self.key_type = key_type
        self.relationship = relationship

    def encode(self, value: Any) -> Any:
        key = value.read(self.relationship.target_column_of(value))
        if key is None:
            raise UnsupportedValueError(
                f"{value!r} cannot be searched for by {self.relationship.name}: it has no key "
                "before it is saved."
            )
        return self.key_type.encode(key)
