"""Related records that are stored with their owner, in one command."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from velocious.errors import ValidationError
from velocious.frontend_model.related import unpack
from velocious.frontend_model.rows import key_of, sent
from velocious.record import validating, writing
from velocious.record.changes import encoded_changes
from velocious.record.relationships.base import Built
from velocious.record.relationships.nested import Pending
from velocious.record.relationships.preloader import find_relationship
from velocious.record.schema import NOT_SELECTED
from velocious.record.state import DESTROYED, NEW, PERSISTED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.frontend_model.backend import Backend
    from velocious.record.record import Record
    from velocious.record.relationships.base import Relationship


@dataclass(slots=True)
class Children:
    """What is sent along for one relationship.

    Attributes:
        data: an entry for each record: ``id``, ``attributes``, ``_destroy``, ``nestedAttributes``.
        new: the records to be created, in the order of their entries.
        kept: stored ones that change.
    """

    data: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    new: list[Record] = field(default_factory=list["Record"])
    kept: list[Record] = field(default_factory=list["Record"])


def entries(record: Record, backend: Backend) -> dict[str, Children]:
    """What goes along with *record*, by relationship: what the backend takes with its owner."""
    found: dict[str, Children] = {}
    related = record._related or {}
    definition = type(record)._definition
    taken: Mapping[str, Any] = backend.shown_of(type(record)).get("nested") or {}
    for name in taken:
        relationship = definition.relationships.get(name)
        if relationship is not None and name in related and backend.reaches(relationship):
            _add_loaded(found, record, relationship, related[name], backend)
    for name, nested in definition.nested.items():
        pending = related.get(name)
        if isinstance(pending, Pending):
            _add_pending(found, find_relationship(type(record), nested.relationship), pending)
    return {name: one for name, one in found.items() if one.data}


def _add_loaded(
    found: dict[str, Children],
    record: Record,
    relationship: Relationship[Any],
    value: Any,
    backend: Backend,
) -> None:
    for child in value:
        if child._state == NEW or _is_owned(child, record, relationship):
            _add(found, relationship, child, backend)


def _is_owned(child: Record, owner: Record, relationship: Relationship[Any]) -> bool:
    """Whether the stored *child* is one of *owner*'s where it is stored: of others the backend
    takes none along.
    """
    if owner._state == NEW:
        return False
    attributes = type(child)._definition.schema_or_fail().attributes
    stored = child._row[attributes[relationship.target_column()].index]
    return stored is NOT_SELECTED or stored == owner.read(relationship.owner_column())


def _add(
    found: dict[str, Children], relationship: Relationship[Any], child: Record, backend: Backend
) -> None:
    inner = {name: one.data for name, one in entries(child, backend).items()}
    attributes = _attributes(child, relationship)
    if child._state == DESTROYED or (child._state != NEW and not attributes and not inner):
        return
    children = found.setdefault(relationship.name, Children())
    entry: dict[str, Any] = {}
    if child._state == NEW:
        children.new.append(child)
    else:
        entry["id"] = key_of(child, type(child)._definition.schema_or_fail())
        children.kept.append(child)
    if attributes or child._state == NEW:
        entry["attributes"] = attributes
    if inner:
        entry["nestedAttributes"] = inner
    children.data.append(entry)


def _add_pending(
    found: dict[str, Children], relationship: Relationship[Any], pending: Pending
) -> None:
    """What ``…_attributes`` was assigned; new records are among those of the relationship."""
    children = found.setdefault(relationship.name, Children())
    for key, attributes, destroy in pending.changes:
        entry: dict[str, Any] = {"id": key}
        entry.update({"_destroy": True} if destroy else {"attributes": dict(attributes)})
        children.data.append(entry)


def _attributes(child: Record, relationship: Relationship[Any]) -> dict[str, Any]:
    schema = type(child)._definition.schema_or_fail()
    encoded = encoded_changes(child) if child._assigned else {}
    own: set[str] = set()
    if child._state == NEW:
        # The owner gives its key itself, and the name of its class.
        typed = relationship.type_filter()
        own = {relationship.target_column(), *(typed[:1] if typed is not None else ())}
    return {
        name: sent(schema.attributes[name], value)
        for name, value in encoded.items()
        if name not in own and not (value is None and name == schema.primary_key)
    }


async def prepare(record: Record, backend: Backend) -> None:
    """Run what the classes of the records that go along with *record* have to say.

    Raises:
        ValidationError: about the first of them with something wrong.
    """
    for children in entries(record, backend).values():
        for child in (*children.new, *children.kept):
            definition = type(child)._definition
            if not await validating.validate(child, definition):
                raise ValidationError(child, child.errors)
            step = "create" if child._state == NEW else "update"
            await definition.callbacks.run("before_save", child, (step,))
            await definition.callbacks.run(f"before_{step}", child, (step,))
            await prepare(child, backend)


async def finish(children: Mapping[str, Children], created: frozenset[int]) -> None:
    """Run the callbacks of the records that went along; *created* are the ids of new ones."""
    for child in [child for one in children.values() for child in (*one.new, *one.kept)]:
        callbacks = type(child)._definition.callbacks
        step = "create" if id(child) in created else "update"
        for event in (f"after_{step}", "after_save", "after_commit"):
            await callbacks.run(event, child, (step,))


async def settle(record: Record, children: Mapping[str, Children]) -> None:
    """The backend has stored *record* with *children*: they are what it says, as the objects that
    the program holds already.
    """
    related = record._related or {}
    held = {name: related.pop(name, None) for name in children}
    for name in type(record)._definition.nested:
        related.pop(name, None)
    await unpack(type(record), [record])
    for name, along in children.items():
        relationship = find_relationship(type(record), name)
        if relationship.loaded(record):
            _keep_objects(record, relationship, along)
        else:
            _mark_stored(record, relationship, along, held[name])


def _keep_objects(record: Record, relationship: Relationship[Any], children: Children) -> None:
    value = relationship.value(record)
    fresh: list[Record] = list(value) if relationship.many else [value] if value else []
    mine = _paired(fresh, children)
    result = [_become(mine[id(one)], one) if id(one) in mine else one for one in fresh]
    relationship.put(record, result if relationship.many else (result[0] if result else None))


def _paired(fresh: list[Record], children: Children) -> dict[int, Record]:
    """The id of each of *fresh* → the object that was sent for it."""
    kept = {one.primary_key_value(): one for one in children.kept}
    pairs = {id(one): kept[one.primary_key_value()] for one in fresh if _key(one) in kept}
    left = [one for one in fresh if id(one) not in pairs]
    # The newest come last, in the order in which they were sent.
    for new in reversed(children.new):
        found = next((one for one in reversed(left) if _shows(one, new)), None)
        if found is None and len(left) == len(children.new):
            # The backend has made something else of what it was given.
            found = left[-1]
        if found is not None:
            left.remove(found)
            pairs[id(found)] = new
    return pairs


def _key(record: Record) -> Any:
    return record.primary_key_value()


def _shows(fresh: Record, new: Record) -> bool:
    """Whether *fresh* has what *new* was given, as far as the backend shows it."""
    attributes = type(fresh)._definition.schema_or_fail().attributes
    return all(
        fresh._row[attributes[name].index] in (NOT_SELECTED, value)
        for name, value in (encoded_changes(new) if new._assigned else {}).items()
        if value is not None
    )


def _become(mine: Record, fresh: Record) -> Record:
    schema = type(mine)._definition.schema_or_fail()
    sent_values = dict(mine._assigned or {})
    before = mine._row if mine._state == PERSISTED else ()
    mine._row = fresh._row
    mine._assigned = writing.left_assigned(mine._assigned, sent_values, schema)
    mine._saved = before
    mine._state = PERSISTED
    mine._cohort = fresh._cohort
    mine._related = {**(mine._related or {}), **(fresh._related or {})} or None
    return mine


def _mark_stored(
    record: Record, relationship: Relationship[Any], children: Children, held: Any
) -> None:
    """The backend says nothing of them: stored ones are as they were given; new ones lack what only
    it knows, so that they have to be loaded.
    """
    for one in children.kept:
        schema = type(one)._definition.schema_or_fail()
        row = list(one._row)
        for name, value in encoded_changes(one).items():
            row[schema.attributes[name].index] = value
        one._saved, one._row, one._assigned = one._row, tuple(row), None
    if not children.new and isinstance(held, list) and not isinstance(held, Built):
        relationship.put(record, held)
