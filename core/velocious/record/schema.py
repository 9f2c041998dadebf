"""What a model knows of its table once it has been read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from velocious.errors import UnsupportedValueError
from velocious.sql.types import ColumnType

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from velocious.configuration import Configuration
    from velocious.database.database import Database
    from velocious.database.schema import Column, Table
    from velocious.sql.dialects.base import Dialect


_BYTES = re.compile(r"(?:[xX]'|'\\x)((?:[0-9a-fA-F]{2})*)'")


class _NotSelected:
    __slots__ = ()

    def __repr__(self) -> str:
        return "<not selected>"


#: Stands in a row for a column that the query left out.
NOT_SELECTED: Any = _NotSelected()


@dataclass(frozen=True, slots=True)
class AttributeSchema:
    """An attribute: its place in the row, its type and its column."""

    name: str
    index: int
    type: ColumnType
    column: Column

    @property
    def kind(self) -> str:
        return self.column.kind


class RemoteHome(Protocol):
    """The rows of models that a backend keeps: what records and queries need of it beside what
    every database has.
    """

    def plan(self, query: Any, schema: Any, key: Any) -> Any:
        """The plan of *query* for the kind of statement that its *key* begins with."""
        ...

    def plan_find(self, schema: Any) -> Any:
        """What finds a row by its key, and how the key is encoded."""
        ...

    async def save(self, record: Any, *, validate: bool, context: str | None) -> None:
        """Create or update *record*."""
        ...

    async def destroy(self, record: Any) -> None:
        """Destroy *record*."""
        ...

    async def unpack(self, model: Any, records: Sequence[Any]) -> None:
        """Put what came with the rows of *records* into their relationships."""
        ...

    async def fetch_related(self, relationship: Any, owners: Sequence[Any]) -> list[list[Any]]:
        """For each of *owners*, the records of *relationship*."""
        ...

    async def listen(self, model: Any, action: str, callback: Any, record: Any) -> Any:
        """Call *callback* with what happens to *record*, or to all of *model*."""
        ...

    async def attach(self, record: Any, relationship: Any, sources: Any) -> list[Any]:
        """Store files of *record* now."""
        ...

    def file_of(self, record: Any, relationship: Any) -> Any:
        """The one file of *record* that *relationship* leads to."""
        ...

    def reaches(self, relationship: Any) -> bool:
        """Whether the rows of *relationship* are behind the same backend as their owners."""
        ...


class ModelSchema:
    """A model's table in one database, and the statements compiled for it so far.

    A changed schema gets a new object, so plans never outlive the table they were made for.

    Attributes:
        remote: where the rows are, if that is behind a backend; None: in a database of our own.
        layout: where which value lies in a row, and as what: rows of schemas that share it are read
            by the same attributes of the model.
        like: the one whose layout it shares, where that was there before.
    """

    __slots__ = (
        "attributes",
        "blank_row",
        "casts",
        "configuration",
        "database",
        "layout",
        "like",
        "locked",
        "model",
        "mutable",
        "plans",
        "primary_key",
        "relationships",
        "remote",
        "stamp",
        "table",
        "timestamps",
        "version",
    )

    def __init__(
        self,
        model: Any,
        configuration: Configuration,
        database: Database,
        table: Table,
        relationships: Mapping[str, Any],
        types: Mapping[str, Any] = MappingProxyType({}),
        like: ModelSchema | None = None,
    ) -> None:
        self.model = model
        self.configuration = configuration
        self.database = database
        self.remote: RemoteHome | None = database.remote_home
        self.version = database.schema_version
        self.table = table
        self.relationships = relationships
        dialect = database.dialect
        known: Mapping[str, AttributeSchema] = {} if like is None else like.attributes
        self.like = like
        self.layout: object = object() if like is None else like.layout
        self.attributes = {
            column.name: known.get(column.name)
            or AttributeSchema(column.name, index, _type_of(column, types, dialect), column)
            for index, column in enumerate(table.columns)
        }
        self.primary_key = table.primary_key[0] if len(table.primary_key) == 1 else "id"
        self.locked = "lock_version" in self.attributes
        self.stamp = dialect.column_type("datetime").write
        self.timestamps = frozenset({"created_at", "updated_at"} & self.attributes.keys())
        self.mutable = tuple(name for name, one in self.attributes.items() if one.type.mutable)
        self.blank_row = tuple(map(_blank, self.attributes.values()))
        #: For new records: the attributes that need no setter of their own (native types, cast,
        #: and whether it is the key of a relationship, which does where one was set).
        self.casts: dict[str, tuple[frozenset[type], Any, bool]] = {}
        self.plans: dict[Hashable, Any] = {}

    def remember(self, key: Hashable, plan: Any) -> Any:
        """Keep *plan* for queries of the shape *key*."""
        # Shapes are few by design; an application that makes thousands (raw SQL with values in it)
        # must not leak.
        if len(self.plans) >= 2000:
            self.plans.clear()
        self.plans[key] = plan
        return plan


def _type_of(column: Column, types: Mapping[str, Any], dialect: Dialect) -> ColumnType:
    declared = types.get(column.name)
    if declared is None:
        return dialect.column_type(column.kind).fitted(column)
    known = declared if isinstance(declared, ColumnType) else declared(column)
    return dialect.stored(known).fitted(column)


def _blank(attribute: AttributeSchema) -> Any:
    """The stored value a new record shows before it is saved: the default, where it is a plain
    literal.
    """
    text = attribute.column.default
    value = None if text is None else _literal(text)
    if text is not None and attribute.type.storage == "binary":
        value = _bytes(text)
    if attribute.type.storage == "decimal" and text is not None and value is not None:
        # A float has lost digits.
        value = text.strip("'")
    # A literal of JSON is stored as it is written; of other types, as their dialect stores values.
    if value is None or attribute.type.storage == "json":
        return value
    try:
        return attribute.type.encode(attribute.type.cast(value))
    except UnsupportedValueError:
        return value


def _bytes(text: str) -> bytes | None:
    """What a literal of bytes means (``X'00ff'``; of PostgreSQL, ``'\\x00ff'``), if it is one."""
    found = _BYTES.fullmatch(text)
    return None if found is None else bytes.fromhex(found.group(1))


def _literal(text: str) -> Any:
    """What the SQL literal *text* means; None for what is no literal."""
    if len(text) >= 2 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    lowered = text.lower()
    if lowered in ("true", "false"):
        return int(lowered == "true")
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return None
