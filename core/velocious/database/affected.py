"""Which tables a change of rows reaches: cascades, triggers and views included.

Law: a table too many costs somebody a query; a table too few shows somebody what is no longer so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.database.effects import effects, names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.database.driver import Introspector
    from velocious.database.effects import Effect
    from velocious.database.schema import Reactions

_PASSIVE = frozenset({"NO ACTION", "RESTRICT"})
_NOTHING = frozenset[str]()
#: How many texts are remembered.
_KEPT = 4096


class Affected:
    """What follows from changes of a database's tables, worked out once for each kind of change."""

    def __init__(self, reactions: Reactions) -> None:
        self._names = reactions.names
        self._views = reactions.views
        self._triggered = reactions.triggered
        #: Verb → table → the tables whose rows follow.
        self._followers: dict[str, dict[str, set[str]]] = {"INSERT": {}, "UPDATE": {}, "DELETE": {}}
        self._any: dict[str, set[str]] = {}
        for key in reactions.keys:
            for verb, action in (("DELETE", key.on_delete), ("UPDATE", key.on_update)):
                if action.upper() not in _PASSIVE:
                    self._followers[verb].setdefault(key.to_table, set()).add(key.table)
                    self._any.setdefault(key.to_table, set()).add(key.table)
        self._known: dict[str, frozenset[str] | None] = {}

    def tables(self, ran: Iterable[str]) -> frozenset[str] | None:
        """The tables, and views, that may show something else now that the statements *ran* were
        committed; None: any.
        """
        known, found = self._known, _NOTHING
        for sql in ran:
            more = known[sql] if sql in known else self._remember(sql)
            if more is None:
                return None
            # Most transactions change one table: the same set, which need not be made anew.
            found = found | more if found else more
        return found

    def _remember(self, sql: str) -> frozenset[str] | None:
        if len(self._known) >= _KEPT:
            self._known.clear()
        effect = effects[sql]
        tables = self._known[sql] = _NOTHING if effect is None else self._tables_of(effect)
        return tables

    def _tables_of(self, effect: Effect) -> frozenset[str] | None:
        if effect.tables is None:
            return None
        if effect.certain:
            changed = {name for name in self._names if name.lower() in effect.tables}
        else:
            changed = {name for name in self._names if names(effect.tables, name)}
        if not changed or not changed.isdisjoint(self._views):
            # A table of another schema, or rows written through a view.
            return None
        reached = set(changed)
        for table in changed:
            reached |= self._followers.get(effect.verb, self._any).get(table, set())
        waiting = reached - changed
        while waiting:
            waiting = {more for one in waiting for more in self._any.get(one, ())} - reached
            reached |= waiting
        return frozenset(reached | self._views) if reached.isdisjoint(self._triggered) else None


async def affected_of(introspector: Introspector) -> Affected:
    """What follows from changes in the database that *introspector* describes."""
    return Affected(await introspector.reactions())
