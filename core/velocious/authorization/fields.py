"""Which attributes rules are about.

Law: what holds for a whole model holds for each of its records that is allowed at all. So a field
that is allowed for some records only is none that queries may filter or sort by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from velocious.authorization.rule import Rule


class Fields:
    """Names of attributes: some, or all but some.

    ::

        "salary" in ability.fields("read", Person)
    """

    __slots__ = ("_model", "only", "without")

    def __init__(
        self, model: Any, only: frozenset[str] | None, without: frozenset[str] = frozenset()
    ) -> None:
        self._model = model
        #: Those; None for all that there are.
        self.only = only
        #: But not those.
        self.without = without

    def __contains__(self, name: object) -> bool:
        return (self.only is None or name in self.only) and name not in self.without

    def __iter__(self) -> Iterator[str]:
        """The names; where all but some are meant, those of the table's columns. Raises
        SchemaNotLoadedError before the table was read.
        """
        known: Iterable[str] = (
            self._model._definition.schema_or_fail().attributes if self.only is None else self.only
        )
        return iter(sorted(name for name in known if name not in self.without))

    def __repr__(self) -> str:
        only = "all" if self.only is None else ", ".join(sorted(self.only)) or "none"
        but = f" but {', '.join(sorted(self.without))}" if self.without else ""
        return f"<{only}{but}>"


def of_every_record(rules: Sequence[Rule], model: Any) -> Fields | None:
    """The fields that *rules* allow of every record that they allow; None for all."""
    allowing = [rule for rule in rules if rule.allows]
    only: frozenset[str] | None
    certain = [rule for rule in allowing if rule.is_unconditional]
    if certain:
        only = _all_of(certain)
    else:
        # A record may fulfil any single one of them.
        named = [rule.fields for rule in allowing if rule.fields is not None]
        only = frozenset[str].intersection(*named) if named else None
    if not allowing or any(one.is_unconditional for one in rules if _forbids_records(one)):
        only = frozenset[str]()
    return _made(model, only, [one for one in rules if not one.allows])


def of_matching(matching: Sequence[Rule], model: Any) -> Fields | None:
    """The fields of a record that fulfils the conditions of *matching*, and of no other rule."""
    allowing = [rule for rule in matching if rule.allows]
    nothing = not allowing or any(map(_forbids_records, matching))
    only = frozenset[str]() if nothing else _all_of(allowing)
    return _made(model, only, [one for one in matching if not one.allows])


def both(one: Fields | None, other: Fields | None) -> Fields | None:
    """What is in both."""
    if one is None or other is None:
        return other if one is None else one
    only = one.only if other.only is None else other.only
    if one.only is not None and other.only is not None:
        only = one.only & other.only
    return Fields(one._model, only, one.without | other.without)


def _forbids_records(rule: Rule) -> bool:
    return not rule.allows and rule.fields is None


def _all_of(rules: Iterable[Rule]) -> frozenset[str] | None:
    named: list[frozenset[str]] = []
    for rule in rules:
        if rule.fields is None:
            return None
        named.append(rule.fields)
    return frozenset[str]().union(*named)


def _made(model: Any, only: frozenset[str] | None, forbidding: Iterable[Rule]) -> Fields | None:
    without = frozenset[str]().union(*(one.fields or () for one in forbidding))
    return None if only is None and not without else Fields(model, only, without)
