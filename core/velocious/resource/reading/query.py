"""A client's payload as a query: ``where``, ``searches``, ``conditions``, ``joins``, ``sort``,
``group``, ``distinct``, ``limit``, ``offset``, ``page``, ``perPage`` and ``preload``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from velocious.errors import NotExposedError, ResourceLimitError
from velocious.query.query import Query
from velocious.resource.budget import Budget
from velocious.resource.reading.conditions import data_conditions, pairs, path, search
from velocious.resource.reading.shapes import flag, mapping, sequence, whole
from velocious.resource.reading.sorting import sort_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from velocious.resource.asking import Asking
    from velocious.resource.exposure import Exposure

type Path = tuple[str, ...]


class PayloadReader:
    """Reads one payload."""

    def __init__(self, payload: dict[str, Any], exposure: Exposure, asking: Asking) -> None:
        self._payload = payload
        self._exposure = exposure
        self._asking = asking

    def query(self) -> Query[Any]:
        """The query, without pages. Raises ResourceError."""
        query: Query[Any] = Query(self._exposure.model)
        where = pairs(self._payload.get("where"), self._exposure, self._asking)
        if where:
            query = query.where(where)
        for one in self._few(sequence(self._payload.get("searches"), "searches")):
            query = query.where(search(one, self._exposure, self._asking))
        data = self._payload.get("conditions")
        query._conditions += data_conditions(data, self._exposure, self._asking)
        query._joins += tuple((one, "INNER") for one in self._paths("joins"))
        query._joins += tuple((one, "LEFT") for one in self._paths("leftJoins"))
        sorts = self.sorts()
        query = query.order(*sorts) if sorts else query
        distinct = flag(self._payload.get("distinct"), "distinct")
        return query.distinct() if distinct else query

    def sorts(self) -> list[str]:
        """The sort keys: ``"-project.name"``."""
        keys = sort_keys(self._payload.get("sort"), self._exposure, self._asking)
        return [*self._few(keys)]

    def groups(self) -> list[str]:
        """What rows are grouped by."""
        found: list[str] = []
        for one in self._few(sequence(self._payload.get("group"), "group")):
            given = mapping(one, "group") if not isinstance(one, str) else {"column": one}
            steps, target = path(given.get("path"), self._exposure, self._asking)
            name = self._asking.attribute(target, given.get("column"), "group by")
            found.append(".".join((*steps, name)))
        return found

    def plucks(self) -> list[tuple[Path, str]]:
        """What is plucked: paths and attributes."""
        found: list[tuple[Path, str]] = []
        for one in self._few(sequence(self._payload.get("pluck"), "pluck")):
            given = mapping(one, "pluck") if not isinstance(one, str) else {"column": one}
            steps, target = path(given.get("path"), self._exposure, self._asking)
            name = self._asking.attribute(target, given.get("column"), "pluck")
            found.append((steps, name))
        return found

    def preloads(self) -> tuple[Path, ...]:
        """The relationships to load, parents before children."""
        return self._paths("preload")

    def page(self) -> tuple[int, int | None]:
        """Limit and offset; without either, as many rows as one answer may hold.

        Raises:
            ResourceLimitError: more rows than that are wanted.
        """
        limit = whole(self._payload.get("limit"), "limit", 0)
        offset = whole(self._payload.get("offset"), "offset", 0)
        page = whole(self._payload.get("page"), "page", 1)
        size = whole(self._payload.get("perPage"), "perPage", 1)
        if page is not None and limit is None:
            limit = size or self._exposure.page_size
            offset = (page - 1) * limit
        most = self._exposure.max_page_size
        if limit is not None and limit > most:
            raise ResourceLimitError(
                "page_size",
                most,
                f"{limit:,} rows of {self._exposure.name} are more than one answer holds. Ask for "
                f"{most:,} at a time.",
            )
        return most if limit is None else limit, offset

    @property
    def is_limited(self) -> bool:
        """Whether the client said how many rows it wants."""
        return self._payload.get("limit") is not None or self._payload.get("page") is not None

    def selection(self) -> dict[str, tuple[str, ...]]:
        """Model → the attributes that are wanted of its records; models that are not named give
        all.
        """
        given = self._payload.get("select")
        if given is None:
            return {}
        if isinstance(given, str | list):
            given = {self._exposure.name: cast("Any", given)}
        found: dict[str, tuple[str, ...]] = {}
        for model, names in mapping(given, "select").items():
            exposure = self._asking.resources.find(model)
            listed = [names] if isinstance(names, str) else sequence(names, "select")
            found[exposure.name] = tuple(dict.fromkeys(self._selected(listed, exposure)))
        return found

    def _selected(self, names: list[Any], exposure: Exposure) -> Iterator[str]:
        for name in names:
            # The client adds what it filters by, relationships too: those are no attributes.
            if not exposure.is_followed(name):
                yield self._asking.attribute(exposure, name, "read")

    def _few[Part](self, parts: Iterable[Part]) -> Iterator[Part]:
        """*parts* of one list, before there is a query whose parts all count together."""
        return Budget(self._asking.settings).each(parts)

    # Paths

    def _paths(self, name: str) -> tuple[Path, ...]:
        given = self._payload.get(name)
        if given is None:
            return ()
        return tuple(dict.fromkeys(self._few(self._walk(given, self._exposure, (), name))))

    def _walk(self, given: Any, exposure: Exposure, prefix: Path, name: str) -> Iterator[Path]:
        if given is None or given is True or given is False:
            return
        if isinstance(given, str):
            given = {given: True}
        if isinstance(given, list):
            for one in cast("list[Any]", given):
                yield from self._walk(one, exposure, prefix, name)
            return
        for one, nested in mapping(given, name).items():
            if nested is False:
                continue
            head, _, rest = one.partition(".")
            step = exposure.followed(head)
            yield (*prefix, step)
            inner = {rest: nested} if rest else nested
            if inner is True or inner is None:
                continue
            relationship = exposure.relationships[step]
            if relationship.polymorphic:
                if inner:
                    raise NotExposedError(exposure.name, step, "go along", ())
                continue
            target = self._asking.exposure_of(relationship.target())
            yield from self._walk(inner, target, (*prefix, step), name)
