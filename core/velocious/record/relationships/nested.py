"""Nested attributes: related records made, changed and destroyed by what their owner is assigned.

Law: a key is only ever looked for among the owner's own records, and nothing is written before the
owner is saved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import ConfigurationError, RecordNotFoundError, UnsupportedValueError
from velocious.record.relationships.base import Built
from velocious.record.relationships.preloader import find_relationship
from velocious.record.state import NEW

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.database.transaction import Transaction
    from velocious.record.record import Record
    from velocious.record.relationships.base import Relationship

type Attributes = dict[str, Any]
type Rejection = Callable[[Attributes], bool]


class Pending:
    """What was assigned and has not been saved.

    Attributes:
        changes: key, attributes and whether to destroy it, of each record that is stored already.
        new: the records that were built.
        found: stored ones that change.
        doomed: stored ones that are to be destroyed.
    """

    __slots__ = ("changes", "doomed", "found", "new")

    def __init__(self) -> None:
        self.changes: list[tuple[Any, Attributes, bool]] = []
        self.new: list[Record] = []
        self.found: list[Record] = []
        self.doomed: list[Record] = []


class NestedAttributes:
    """An attribute that is only assigned: see :func:`accepts_nested_attributes_for`."""

    def __init__(
        self, relationship: str, *, allow_destroy: bool, limit: int | None, reject_if: Rejection
    ) -> None:
        self.relationship = relationship
        self.allow_destroy = allow_destroy
        self.limit = limit
        self.reject_if = reject_if
        self.name = ""

    def __set_name__(self, owner: type[Record], name: str) -> None:
        self.name = name

    def __get__(self, record: Record | None, owner: type[Record]) -> Any:
        if record is None:
            return self
        raise UnsupportedValueError(
            f"{owner.__name__}.{self.name} is only assigned. Read {owner.__name__}."
            f"{self.relationship}."
        )

    def __set__(self, record: Record, value: Any) -> None:
        relationship = find_relationship(type(record), self.relationship)
        pending = Pending()
        for given in self._entries(relationship, value):
            self._take(record, relationship, pending, dict(given))
        record._related = record._related or {}
        record._related[self.name] = pending

    def _entries(self, relationship: Relationship[Any], value: Any) -> list[Mapping[str, Any]]:
        given: Any = value
        if not relationship.many:
            given = [value]
        elif isinstance(value, Mapping):
            # Forms number their rows: {"0": {…}, "1": {…}}.
            given = list(cast("Mapping[str, Any]", value).values())
        if not isinstance(given, list | tuple) or not _are_mappings(cast("Any", given)):
            takes = "a list of mappings" if relationship.many else "a mapping"
            raise UnsupportedValueError(f"{self.name} takes {takes}, not {value!r}.", value=value)
        entries = list(cast("Iterable[Mapping[str, Any]]", given))
        if self.limit is not None and len(entries) > self.limit:
            raise UnsupportedValueError(
                f"{self.name} takes at most {self.limit} records, not {len(entries)}.",
                value=value,
            )
        return entries

    def _take(
        self,
        record: Record,
        relationship: Relationship[Any],
        pending: Pending,
        attributes: Attributes,
    ) -> None:
        destroy = _is_true(attributes.pop("_destroy", None))
        target = relationship.target()
        key = attributes.pop(target._definition.key_name, None)
        if key not in (None, ""):
            pending.changes.append((key, attributes, destroy and self.allow_destroy))
        elif not destroy and not self.reject_if(attributes):
            new = target(**attributes)
            pending.new.append(new)
            if relationship.many:
                getattr(relationship, "taken")(record, new)  # noqa: B009
                getattr(relationship, "add")(record, new)  # noqa: B009
            else:
                setattr(record, self.relationship, new)


def accepts_nested_attributes_for(
    relationship: str,
    *,
    allow_destroy: bool = False,
    limit: int | None = None,
    reject_if: Rejection | str | None = None,
) -> Any:
    """Let records of *relationship* be assigned with their owner::

        tasks_attributes = accepts_nested_attributes_for("tasks", allow_destroy=True, limit=50)

        await project.update(tasks_attributes=[
            {"name": "New"}, {"id": 5, "name": "Changed"}, {"id": 6, "_destroy": True},
        ])

    *reject_if* (a function of the attributes, or ``"all_blank"``) passes over new records.
    """
    rejection: Any = {None: _never, "all_blank": _all_blank}.get(cast("Any", reject_if), reject_if)
    if not callable(rejection):
        raise ConfigurationError(
            f"reject_if={reject_if!r} is unknown. It is a function of the attributes, or "
            '"all_blank".'
        )
    return NestedAttributes(
        relationship,
        allow_destroy=allow_destroy,
        limit=limit,
        reject_if=cast("Rejection", rejection),
    )


# Saving


async def prepare(record: Record) -> None:
    """Find the stored records that were named, and assign what was given for them.

    Raises:
        RecordNotFoundError: for a key that is not one of the owner's records.
    """
    for nested, pending in _assigned(record):
        relationship = find_relationship(type(record), nested.relationship)
        pending.found, pending.doomed = [], []
        if not pending.changes:
            continue
        known = await _known(record, relationship, [key for key, _, _ in pending.changes])
        for key, attributes, destroy in pending.changes:
            target = known[key]
            (pending.doomed if destroy else pending.found).append(target)
            if not destroy:
                target.assign(attributes)
        _keep(record, relationship, pending)


async def validate(record: Record) -> None:
    """Report what is wrong with the nested records as errors of *record*."""
    for nested, pending in _assigned(record):
        relationship = find_relationship(type(record), nested.relationship)
        for target in [*pending.new, *pending.found]:
            if await target.is_valid():
                continue
            for error in target.errors:
                if _comes_with_save(record, relationship, error.attribute):
                    continue
                inner = "" if error.attribute == "base" else f".{error.attribute}"
                attribute = f"{nested.relationship}{inner}"
                record.errors.add(attribute, error.code, error.message, **error.details)


def pending(record: Record) -> bool:
    """Whether a save of *record* has to destroy nested records."""
    return any(one.doomed for _, one in _assigned(record))


def let_go(record: Record) -> None:
    """Take the keys of records that are about to be destroyed out of *record*."""
    for nested, pending in _assigned(record):
        if pending.doomed and find_relationship(type(record), nested.relationship).holds_key:
            setattr(record, nested.relationship, None)


async def finish(record: Record, transaction: Transaction) -> None:
    """Destroy what is to go, and forget what was assigned; a rollback remembers it."""
    for nested, pending in list(_assigned(record)):
        relationship = find_relationship(type(record), nested.relationship)
        related = record._related = record._related or {}
        transaction.after_rollback(partial(_put_back, record, dict(related)))
        for target in pending.doomed:
            await target.destroy()
        del related[nested.name]
        value = related.get(relationship.name)
        if isinstance(value, Built):
            del related[relationship.name]
        elif relationship.many and pending.doomed:
            related[relationship.name] = [one for one in value or () if not one.is_destroyed]
        elif value is not None and not relationship.many and value.is_destroyed:
            related[relationship.name] = None


def _put_back(record: Record, related: dict[str, Any]) -> None:
    record._related = {**(record._related or {}), **related}


def _assigned(record: Record) -> Iterable[tuple[NestedAttributes, Pending]]:
    related = record._related or {}
    for name, nested in type(record)._definition.nested.items():
        found = related.get(name)
        if isinstance(found, Pending):
            yield nested, found


async def _known(
    record: Record, relationship: Relationship[Any], keys: list[Any]
) -> dict[Any, Record]:
    """The owner's records with *keys*, by key as it was given."""
    target = relationship.target()
    schema = await target._definition.ready()
    cast_key = schema.attributes[schema.primary_key].type.cast
    wanted = {key: cast_key(key) for key in keys}
    if relationship.loaded(record):
        value = relationship.value(record)
        found: list[Record] = list(value) if relationship.many else [value] if value else []
    elif record._state == NEW:
        found = []
    else:
        query = relationship.query_of(record).where({schema.primary_key: list(wanted.values())})
        found = await query.to_list()
    by_key = {one.primary_key_value(): one for one in found}
    for cast_one in wanted.values():
        if cast_one not in by_key:
            raise RecordNotFoundError(target.__name__, {schema.primary_key: cast_one})
    return {key: by_key[cast_one] for key, cast_one in wanted.items()}


def _keep(record: Record, relationship: Relationship[Any], pending: Pending) -> None:
    """Put what was found where a save of *record* finds it."""
    if relationship.loaded(record):
        return
    if relationship.many:
        relationship.put(record, Built([*relationship.built(record), *pending.found]))
    else:
        relationship.put(record, [*pending.found, *pending.doomed][0])


def _comes_with_save(record: Record, relationship: Relationship[Any], attribute: str) -> bool:
    """Whether a missing key is one that the owner gives when it is saved."""
    return (
        record._state == NEW
        and not relationship.holds_key
        and attribute == relationship.target_column()
    )


def _are_mappings(given: Iterable[Any]) -> bool:
    return all(isinstance(one, Mapping) for one in given)


def _is_true(value: Any) -> bool:
    return value is True or str(value).strip().lower() in ("1", "true", "yes", "on")


def _never(attributes: Attributes) -> bool:
    return False


def _all_blank(attributes: Attributes) -> bool:
    return all(value is None or str(value).strip() == "" for value in attributes.values())
