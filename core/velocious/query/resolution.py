"""Resolves the names in conditions and orders to columns, and finds the joins they need.

Law: every column is qualified, and a relationship path is joined once however often it is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import QueryError, UnknownAttributeError, UnknownRelationshipError
from velocious.query.extent import Extent
from velocious.query.record_key import RecordKey
from velocious.sql import nodes as n
from velocious.sql.statements import Join

if TYPE_CHECKING:
    from velocious.query.sight import Sight
    from velocious.record.schema import ModelSchema
    from velocious.sql.nodes import Expression
    from velocious.sql.types import ColumnType

type Path = tuple[str, ...]

#: Binary numbers keep decimals of so many digits apart.
SHORT = 15


class SchemaNeededError(Exception):
    """Planning met a model whose table has not been read; the planner reads it and starts again."""

    def __init__(self, model: Any) -> None:
        self.model = model
        super().__init__(model.__name__)


class Joins:
    """The joins of one query, by relationship path."""

    def __init__(self, root: ModelSchema, sight: Sight | None = None) -> None:
        self.root = root
        self.schemas: dict[Path, ModelSchema] = {(): root}
        self.aliases: dict[Path, str] = {(): root.table.name}
        self._joins: dict[Path, Join] = {}
        self._parents: dict[Path, Path] = {}
        self._kept_left: set[Path] = set()
        self.values: list[Any] = []
        #: The types of the columns that a calculation gives.
        self.types: list[Any] = []
        #: Whether a relationship's scope took part: its values may differ the next time.
        self.scoped = False
        #: A row that stands in for the model's table: columns and encoded values.
        self.row: tuple[tuple[str, Any], ...] | None = None
        #: What is seen of the rows that are joined; None for all of them.
        self.sight = sight

    @property
    def joins(self) -> tuple[Join, ...]:
        """The joins, each behind those it stands on."""
        return tuple(self._joins.values())

    def ask(self, path: Path, kind: str) -> None:
        """Join *path* as the query's own ``joins`` or ``left_joins`` say."""
        self.add(path, kind)
        if kind == "LEFT" and self._joins[path].kind == "LEFT":
            self._kept_left.add(path)
        elif kind == "INNER":
            self._kept_left.discard(path)
            self._strengthen(path)

    def add(self, path: Path, kind: str = "INNER") -> ModelSchema:
        """Join *path* (and what leads to it), or use the join that is there."""
        known = self.schemas.get(path)
        if known is not None:
            if kind == "INNER":
                self._strengthen(path)
            return known
        parent = self.add(path[:-1], kind)
        return self._link(path, path[:-1], (find_relationship(parent, path[-1]),), kind)

    def _link(
        self, path: Path, parent: Path, relationships: tuple[Any, ...], kind: str
    ) -> ModelSchema:
        """Join *path* to *parent* by the last of *relationships*; the scopes of all narrow it."""
        relationship = relationships[-1]
        if relationship.through is not None:
            # No name that a condition could mean: each way over other rows is its own.
            between = (*path[:-1], f"{path[-1]}:{relationship.through}")
            self._link(between, parent, (relationship.first_step(),), kind)
            steps = (*relationships, relationship.second_step())
            return self._link(path, between, steps, kind)
        target = schema_of(relationship.target(), self.schemas[parent])
        alias = self._alias(path, target.table.name)
        self.schemas[path] = target
        self.aliases[path] = alias
        self._parents[path] = parent
        on = self._on(path, parent, relationships, kind)
        self._joins[path] = Join(kind, target.table.name, alias, on)
        return target

    def _strengthen(self, path: Path) -> None:
        """Leave out rows without a partner, unless the query said that they stay."""
        while path in self._joins and path not in self._kept_left:
            self._joins[path] = self._joins[path].replaced(kind="INNER")
            path = self._parents[path]

    def _alias(self, path: Path, table: str) -> str:
        if table not in self.aliases.values():
            return table
        return self.root.database.dialect.shortened(f"{table}__{'__'.join(path)}")

    def _key(self, path: Path, name: str) -> Expression:
        schema = self.schemas[path]
        if name not in schema.attributes:
            raise UnknownAttributeError(schema.model.__name__, name, schema.attributes)
        return n.Column(self.aliases[path], name)

    def _same(self, one: tuple[Path, str], other: tuple[Path, str]) -> Expression:
        """That two keys are equal: where one is text and the other is not (one that points at rows
        of several tables), as text, unless the database compares them anyway.
        """
        keys = [self._key(*one), self._key(*other)]
        if self.root.database.dialect.strict_types:
            texts = [
                self.schemas[path].attributes[name].type.storage for path, name in (one, other)
            ]
            if (texts[0] == "text") != (texts[1] == "text"):
                place = 1 if texts[0] == "text" else 0
                keys[place] = n.Cast(keys[place], "text")
        return n.Binary(keys[0], "=", keys[1])

    def _on(
        self, path: Path, parent: Path, relationships: tuple[Any, ...], kind: str
    ) -> Expression:
        relationship = relationships[-1]
        keys = self._same(
            (path, relationship.target_column()), (parent, relationship.owner_column())
        )
        typed = relationship.type_filter()
        if typed is not None:
            named = n.Binary(self._key(path, typed[0]), "=", n.Fixed(typed[1]))
            keys = n.All((keys, named))
        narrowed = [one for every in relationships for one in self._scope(path, every, kind)]
        if self.sight is not None:
            narrowed += self.sight.beyond(relationship, Resolver(self, path, kind))
        return n.All((keys, *narrowed)) if narrowed else keys

    def _scope(self, path: Path, relationship: Any, kind: str) -> list[Expression]:
        """What the scope of *relationship*, which leads to *path*, demands of its records."""
        scope = relationship.scope_query()
        # What a model's own queries leave out is always the same; a scope may be another one.
        self.scoped = self.scoped or relationship.scoped
        before = Extent(self)
        resolver = Resolver(self, path, kind)
        if not scope._joins:
            expressions = [one.expression(resolver) for one in scope._conditions]
            if not before.grown():
                self.values.extend(value for one in scope._conditions for value in one.values())
                return expressions
            before.restore()
        return [self._scope_by_key(path, scope, resolver)]

    def _scope_by_key(self, path: Path, scope: Any, resolver: Resolver) -> Expression:
        """A scope that reaches into other tables, as a SELECT of its own: joined here, those would
        multiply rows, and lose the ones that a LEFT JOIN keeps.
        """
        # Imported late: a sub-query is resolved by this module.
        from velocious.query.subqueries import among

        key = self.schemas[path].primary_key
        # Its order and limits mean nothing to a join.
        plain = scope.reorder().limit(None).offset(None)._refined(selected=(key,))
        self.values.extend(plain._values())
        return among(n.Column(self.aliases[path], key), plain, resolver)


class Resolver:
    """Resolves names as seen from one place in the tree of joins; new joins are of *kind*."""

    def __init__(self, joins: Joins, path: Path = (), kind: str = "INNER") -> None:
        self.joins = joins
        self.path = path
        self.kind = kind

    def optional(self) -> Resolver:
        """The resolver for places where a row without a partner must not get lost."""
        return Resolver(self.joins, self.path, "LEFT")

    def step(self, relationship: str) -> Resolver:
        """The resolver on the other side of *relationship*, which gets joined."""
        path = (*self.path, relationship)
        self.joins.add(path, self.kind)
        return Resolver(self.joins, path, self.kind)

    def is_polymorphic(self, name: str) -> bool:
        """Whether *name* is a relationship to records of several models."""
        relationship = self.joins.schemas[self.path].relationships.get(name)
        return relationship is not None and relationship.polymorphic

    def operand(self, name: str) -> tuple[Expression, ColumnType]:
        """The column of the attribute *name*, or of the foreign key of the relationship *name*.

        Raises:
            UnknownAttributeError: with close matches among attributes and relationships.
        """
        schema = self.joins.schemas[self.path]
        attribute = schema.attributes.get(name)
        if attribute is None:
            return self._foreign_key(schema, name)
        column: Expression = n.Column(self.joins.aliases[self.path], attribute.name)
        if attribute.kind in schema.database.dialect.numeric_text:
            precision = attribute.column.precision
            column = n.Number(column, long=precision is None or precision > SHORT)
        return column, attribute.type.sought

    def may_be_null(self, operand: Expression) -> bool:
        """Whether a row of the query may have NULL as *operand*: it may have no partner, too."""
        column = operand.column if isinstance(operand, n.Number) else operand
        root = self.joins.root
        if not isinstance(column, n.Column) or column.table != root.table.name:
            return True
        return root.attributes[column.name].column.null

    def path_operand(self, path: str) -> tuple[Expression, ColumnType]:
        """The :meth:`operand` that a dotted name such as ``project.account.name`` leads to."""
        *steps, name = path.split(".")
        resolver = self
        for step in steps:
            resolver = resolver.step(step)
        return resolver.operand(name)

    def _foreign_key(self, schema: ModelSchema, name: str) -> tuple[Expression, ColumnType]:
        relationship = schema.relationships.get(name)
        if relationship is None:
            known = [*schema.attributes, *schema.relationships]
            raise UnknownAttributeError(schema.model.__name__, name, known)
        if not relationship.holds_key:
            raise QueryError(
                f"{schema.model.__name__}.{name} is no column to compare or sort by: its key is on "
                f"the other side. Write conditions on those records: where({name}={{…}})."
            )
        attribute = schema.attributes[relationship.owner_column()]
        column = n.Column(self.joins.aliases[self.path], attribute.name)
        return column, RecordKey(attribute.type, relationship)

    def model_operand(self, model: Any, name: str) -> tuple[Expression, ColumnType]:
        """The column of an attribute of *model*, which is the query's model or a joined one."""
        here = self.joins.schemas[self.path]
        if here.model is model:
            return self.operand(name)
        paths = [path for path, schema in self.joins.schemas.items() if schema.model is model]
        if len(paths) != 1:
            raise _not_joined_once(self.joins.root, model, name, len(paths))
        return Resolver(self.joins, paths[0]).operand(name)


def find_relationship(schema: ModelSchema, name: str) -> Any:
    """The relationship *name* of a model. Raises UnknownRelationshipError with close matches."""
    relationship = schema.relationships.get(name)
    if relationship is None and name in schema.attributes:
        raise QueryError(
            f"{schema.model.__name__}.{name} is an attribute and not a relationship. To compare it "
            f"with a dict, write where({schema.model.__name__}.{name} == {{…}})."
        )
    if relationship is None:
        raise UnknownRelationshipError(schema.model.__name__, name, schema.relationships)
    return relationship


def schema_of(model: Any, beside: ModelSchema) -> ModelSchema:
    """The schema of *model*, which must live in the same database as *beside*."""
    schema = model._definition.schema_in_use()
    if schema is None:
        raise SchemaNeededError(model)
    if schema.database is not beside.database:
        raise QueryError(
            f"{model.__name__} lives in the database {schema.database.identifier!r} and "
            f"{beside.model.__name__} in "
            f"{beside.database.identifier!r}: they cannot be joined. Use .preload(…), which asks "
            "each of them."
        )
    return schema


def _not_joined_once(root: ModelSchema, model: Any, name: str, times: int) -> QueryError:
    if times == 0:
        return QueryError(
            f"{model.__name__}.{name} is used in a query of {root.model.__name__}, which does not "
            "join "
            f"{model.__name__}. Add .joins(…) with the relationship that leads there."
        )
    return QueryError(
        f"{model.__name__}.{name} is ambiguous: the query joins {model.__name__} {times} times. "
        "Write the condition nested along the relationship: where(relationship={…})."
    )
