"""What a query tells of itself: the database's plan for it, and the names its joins have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import QueryError
from velocious.query import plan as plans
from velocious.query.resolution import Joins, SchemaNeededError

if TYPE_CHECKING:
    from velocious.query.query import Query


async def explain(query: Query[Any]) -> str:
    """The database's plan for the rows of *query*, as it words it."""
    schema, plan, values = await query._planned("records", plans.records_shape)
    sql = schema.database.dialect.explain + plan.compiled.sql
    rows = await schema.database.fetch(sql, plan.compiled.bind(values))
    return "\n".join(str(row[-1]) for row in rows)


async def table_for_join(query: Query[Any], path: str) -> str:
    """The quoted name that the table at the end of *path* has in the SQL of *query*."""
    schema = await query._model._definition.ready()
    steps = tuple(path.split(".")) if path else ()
    while True:
        joins = Joins(schema, query._refinements.sight)
        try:
            plans.joined(query, joins)
        except SchemaNeededError as needed:
            await needed.model._definition.ready()
            continue
        if steps not in joins.aliases:
            known = ", ".join(".".join(one) for one in joins.aliases if one) or "nothing"
            raise QueryError(
                f"The query joins {known}, and not {path!r}. Add .joins({path!r}) before raw SQL "
                "that names its table."
            )
        return schema.database.dialect.quote(joins.aliases[steps])
