"""Records as what clients get of them.

Law: an attribute leaves the server where the resource lists it and the ability lets its user read
it on that very record; of a related record, by the lists and rules of its own resource.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from uuid import UUID

from velocious.errors import WireError
from velocious.record.relationships import preloader
from velocious.resource.answering import Written
from velocious.resource.kinds import VIRTUAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from velocious.record.record import Record
    from velocious.resource.asking import Asking
    from velocious.resource.exposure import Exposure
    from velocious.resource.resource import Resource
    from velocious.resource.writer import Writer

PRELOADED = "__preloadedRelationships"
#: The member that says which attributes there are, where a record has fewer than others.
SELECTED = "__selectedAttributes"

#: Types of values that are one value each, and travel as such.
SINGLE = frozenset({type(None), bool, int, float, str, datetime, date, time, Decimal, UUID, bytes})

type Tree = dict[str, "Tree"]


class Wanted(NamedTuple):
    """What a client wants of records.

    Attributes:
        selection: model → attributes; all readable ones of a model that is not in it.
        tree: the relationships to send along.
        action: the command.
    """

    selection: Mapping[str, Sequence[str]]
    tree: Tree
    action: str


def tree_of(paths: Iterable[tuple[str, ...]]) -> Tree:
    """Paths of relationships as nested mappings."""
    tree: Tree = {}
    for path in paths:
        place = tree
        for step in path:
            place = place.setdefault(step, {})
    return tree


async def serialized(
    records: Sequence[Record], wanted: Wanted, asking: Asking
) -> list[dict[str, Any]]:
    """*records*, which may be of several models, with what is *wanted* of them."""
    return await _level(records, wanted.tree, wanted, asking)


async def written(
    records: Sequence[Record], wanted: Wanted, asking: Asking
) -> Written | list[dict[str, Any]]:
    """What :func:`serialized` gives, written down already where nobody has a say in it."""
    texts = await _texts(records, wanted, asking)
    return await serialized(records, wanted, asking) if texts is None else Written(_array(texts))


async def written_one(record: Record, wanted: Wanted, asking: Asking) -> Written | dict[str, Any]:
    """As :func:`written`, of one."""
    texts = await _texts([record], wanted, asking)
    return (await serialized([record], wanted, asking))[0] if texts is None else Written(texts[0])


def _array(texts: list[str]) -> str:
    return f"[{','.join(texts)}]"


async def _texts(records: Sequence[Record], wanted: Wanted, asking: Asking) -> list[str] | None:
    """The texts of *records* of one model that are nothing but their columns; None of others."""
    if wanted.tree or len(models := set(map(type, records))) != 1:
        return None
    shown = await _Shown.of(models.pop(), records, wanted, asking)
    if shown.writer is None:
        return None
    try:
        return shown.writer.texts(cast("list[Any]", records))
    except (WireError, ValueError):
        # Something in it was not selected or has no form: attribute by attribute says what.
        return None


async def _level(
    records: Sequence[Record], tree: Tree, wanted: Wanted, asking: Asking
) -> list[dict[str, Any]]:
    if not records:
        return []
    data: list[dict[str, Any]] = []
    shown = {
        model: await _Shown.of(model, records, wanted, asking) for model in set(map(type, records))
    }
    for record in records:
        one = shown[type(record)]
        # Most records are nothing but their columns, which need no waiting.
        data.append(one.columns(record) if one.writer else await one.attributes(record))
    for name, inner in tree.items():
        await _related(records, data, name, inner, wanted, asking)
    return data


class _Shown:
    """How records of one model are shown.

    Attributes:
        writer: what makes data of a record; None where the resource or the rules have a say in
            each.
    """

    def __init__(self, exposure: Exposure, wanted: Wanted, asking: Asking) -> None:
        self._asking = asking
        self._resource = asking.resource(exposure)
        self._action = wanted.action
        names: Sequence[str] = wanted.selection.get(exposure.name, exposure.readable)
        restricts, self._varies = asking.field_rules(exposure)
        if restricts and not self._varies:
            allowed = asking.visible(exposure, exposure.readable, "read")
            names = [one for one in names if one in allowed]
        self._names = names
        self.writer: Writer | None = None
        if not exposure.serializes and not self._varies:
            self.writer = exposure.writer(tuple(names), speaks_python=asking.speaks_python)

    @classmethod
    async def of(
        cls, model: type[Record], records: Sequence[Record], wanted: Wanted, asking: Asking
    ) -> _Shown:
        """For those of *records* that are of *model*, with their translations loaded."""
        exposure = asking.exposure_of(model)
        await exposure.ready()
        shown = cls(exposure, wanted, asking)
        paths = exposure.translations(shown._names) if exposure.has_translations else []
        if paths:
            own = [one for one in records if type(one) is model]
            await preloader.preload(model, own, paths)
        return shown

    def columns(self, record: Record) -> dict[str, Any]:
        """The attributes of *record* where :attr:`writer` reads them."""
        assert self.writer is not None
        data = self.writer.data(record)
        self._look_at(data.values())
        return data

    async def attributes(self, record: Record) -> dict[str, Any]:
        """The attributes of *record*, by whatever the resource and the rules say."""
        names = self._names
        if self._varies:
            allowed = await self._asking.ability.fields_of("read", record)
            names = [one for one in names if allowed is None or one in allowed]
        data = await self._resource.serialize(record, names, self._action)
        self._look_at(data.values())
        return {self._asking.called(name): value for name, value in data.items()}

    def _look_at(self, values: Iterable[Any]) -> None:
        if self._asking.is_plain and not SINGLE.issuperset(map(type, values)):
            self._asking.is_plain = False


async def attributes_of(resource: Resource, record: Record, names: Sequence[str]) -> dict[str, Any]:
    """The attributes *names* of *record*, of which the resource has some itself."""
    kinds = resource._exposure.kinds
    data: dict[str, Any] = {}
    for name in names:
        if kinds.get(name) != VIRTUAL:
            data[name] = getattr(record, name)
            continue
        value = getattr(resource, f"{name}_attribute")(record)
        data[name] = await value if hasattr(value, "__await__") else value
    return data


async def _related(
    records: Sequence[Record],
    data: list[dict[str, Any]],
    name: str,
    tree: Tree,
    wanted: Wanted,
    asking: Asking,
) -> None:
    """Put the records of the relationship *name* into *data* of their owners, all at once."""
    values: list[Any] = [preloader.find_relationship(type(one), name).value(one) for one in records]
    flat: list[Any] = []
    for value in values:
        flat += value if isinstance(value, list) else [] if value is None else [value]
    # A record of a model without a resource is as if it were not there.
    shown = [one for one in flat if asking.resources.of(type(one)) is not None]
    made = dict(zip(map(id, shown), await _level(shown, tree, wanted, asking), strict=True))
    called = asking.called(name)
    for value, one in zip(values, data, strict=True):
        related: Any = None if value is None else made.get(id(value))
        if isinstance(value, list):
            several = cast("list[Record]", value)
            related = [made[id(inner)] for inner in several if id(inner) in made]
        one.setdefault(PRELOADED, {})[called] = related
