"""The models an application knows, by name."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from velocious.errors import UnknownModelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from velocious.record.record import Record

#: Every concrete model that was imported; the newest of a name.
_imported: WeakValueDictionary[str, type[Record]] = WeakValueDictionary()


#: Those of them that live behind backends alone: an application may have a model of its own by the
#: same name.
_frontend: WeakValueDictionary[str, type[Record]] = WeakValueDictionary()


def register(model: type[Record]) -> None:
    """Remember a model that was just defined."""
    (_frontend if model.is_frontend else _imported)[model.__name__] = model


class ModelRegistry:
    """Models named in the configuration, then those that were imported."""

    def __init__(self, models: Iterable[type[Record]] = ()) -> None:
        self._named = {model.__name__: model for model in models}

    def add(self, model: type[Record]) -> None:
        """Name a model after the fact (an application's models are found when it is imported)."""
        self._named[model.__name__] = model

    def add_imported(self, package: str) -> None:
        """Name every imported model that was defined inside *package*.

        One whose module is no longer loaded belongs to another application, which tests had before.
        """
        for model in list(_imported.values()):
            if model.__module__ not in sys.modules:
                continue
            if model.__module__ == package or model.__module__.startswith(package + "."):
                self.add(model)

    def __iter__(self) -> Iterator[type[Record]]:
        return iter(list(self._named.values()))

    def names(self) -> dict[str, type[Record]]:
        """The named models, by name."""
        return dict(self._named)

    def find(self, name: str, *, wanted_by: Any) -> type[Record]:
        """The model called *name*, as seen from the model *wanted_by*.

        Raises:
            UnknownModelError: with close matches.
        """
        found = _frontend.get(name) if getattr(wanted_by, "is_frontend", False) else None
        found = (
            found
            or self._named.get(name)
            or _in_module(name, wanted_by.__module__)
            or _imported.get(name)
        )
        if found is None:
            known = {*self._named, *_imported.keys()}
            raise UnknownModelError(name, known, wanted_by=wanted_by.__name__)
        return found

    async def load(self) -> None:
        """Read the tables of the named models; a table that is not there yet is left for later, as
        is what a backend does not tell now.
        """
        remote: dict[Any, list[type[Record]]] = {}
        for model in (*self, *list(_frontend.values())):
            backend = model._definition.remote_home()
            if backend is None and model.is_frontend:
                # Of another application, or of one that has yet to say where its backend is.
                continue
            if backend is None:
                await model._definition.ready_if_table_exists()
            elif not model._definition.abstract:
                remote.setdefault(backend, []).append(model)
        for backend, models in remote.items():
            await backend.load(models)


def _in_module(name: str, module: str) -> Any:
    found = getattr(sys.modules.get(module), name, None)
    return found if isinstance(found, type) and hasattr(found, "_definition") else None
