"""Records that are written with their owner: ``nestedAttributes`` of ``create`` and ``update``.

Law: two gates. The owner's resource lists the relationship in ``nested``, and its model says
``accepts_nested_attributes_for``; each record is then written by its own resource, under its own
rules. A key is looked for among the owner's records only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import MalformedCommandError, NotExposedError, ResourceLimitError
from velocious.resource.names import camel
from velocious.resource.reaching import member
from velocious.resource.reading.shapes import flag, mapping, sequence

if TYPE_CHECKING:
    from velocious.record.record import Record
    from velocious.resource.asking import Asking
    from velocious.resource.exposure import Exposure

ENTRY = ("id", "attributes", "_destroy", "nestedAttributes")


async def write_nested(
    owner: Record, given: Any, exposure: Exposure, asking: Asking, depth: int = 0
) -> list[str]:
    """Write what *given* says of records that belong to *owner*: first destroy, then update, then
    create. Returns the relationships it was about.

    Raises:
        NotExposedError: such records are not written with their owner.
    """
    found: list[str] = []
    if depth > asking.settings.path_length:
        raise ResourceLimitError(
            "depth",
            asking.settings.path_length,
            "Records are nested in too many others: write them one after another.",
        )
    for name, entries in mapping(given, "nestedAttributes").items():
        known = next((one for one in exposure.nested if name in (one, camel(one))), None)
        if known is None:
            raise NotExposedError(exposure.name, name, "write along", exposure.nested)
        await _Nested(owner, known, exposure, asking, depth).write(sequence(entries, name))
        found.append(known)
    return found


class _Nested:
    """The records of one relationship of one owner."""

    def __init__(
        self, owner: Record, name: str, exposure: Exposure, asking: Asking, depth: int
    ) -> None:
        self._owner = owner
        self._asking = asking
        self._depth = depth
        self._name = name
        self._options = exposure.nested[name]
        self._relationship = exposure.model._definition.relationships[name]
        self._target = asking.exposure_of(self._relationship.target())

    async def write(self, entries: list[Any]) -> None:
        await self._target.ready()
        limit = self._options.get("limit") or self._asking.settings.values
        if len(entries) > limit:
            raise ResourceLimitError(
                "nested",
                limit,
                f"{len(entries):,} records of {self._name!r} are written at once; {limit:,} are "
                "taken.",
            )
        known = [self._entry(one) for one in entries]
        for one in known:
            if one["_destroy"]:
                await self._destroy(one)
        for one in known:
            if not one["_destroy"] and one["id"] is not None:
                await self._update(one)
        for one in known:
            if not one["_destroy"] and one["id"] is None:
                await self._create(one)

    def _entry(self, given: Any) -> dict[str, Any]:
        words = mapping(given, self._name)
        for name in words:
            if name not in ENTRY:
                raise MalformedCommandError(
                    f"{name!r:.80} is no part of an entry of {self._name!r}: it has "
                    f"{', '.join(ENTRY)}."
                )
        return {
            "id": words.get("id"),
            "_destroy": flag(words.get("_destroy"), "_destroy"),
            "attributes": mapping(words.get("attributes"), "attributes"),
            "nested": words.get("nestedAttributes"),
        }

    async def _found(self, key: Any) -> Record:
        return await member(
            key, self._target, self._asking, self._relationship.query_of(self._owner)
        )

    async def _destroy(self, entry: dict[str, Any]) -> None:
        from velocious.resource.commands.writing import destroy_one

        if not self._options.get("allow_destroy", False):
            raise NotExposedError(self._target.name, "_destroy", "write", ())
        await destroy_one(await self._found(entry["id"]), self._target, self._asking)

    async def _update(self, entry: dict[str, Any]) -> None:
        from velocious.resource.commands.writing import update_one

        record = await self._found(entry["id"])
        if entry["attributes"]:
            record = await update_one(
                record, entry["attributes"], self._target, self._asking, only=self._only()
            )
        await self._deeper(record, entry)

    async def _create(self, entry: dict[str, Any]) -> None:
        from velocious.resource.commands.writing import create_one

        await self._asking.ability.authorize("create", self._target.model)
        record = await create_one(
            entry["attributes"], self._target, self._asking, only=self._only(), **self._keys()
        )
        await self._deeper(record, entry)

    async def _deeper(self, record: Record, entry: dict[str, Any]) -> None:
        if entry["nested"] is not None:
            await write_nested(record, entry["nested"], self._target, self._asking, self._depth + 1)

    def _only(self) -> Any:
        return self._options.get("attributes")

    def _keys(self) -> dict[str, Any]:
        """What makes a new record one of the owner's."""
        relationship = self._relationship
        keys = {relationship.target_column(): self._owner.read(relationship.owner_column())}
        typed = relationship.type_filter()
        return keys if typed is None else {**keys, typed[0]: typed[1]}
