"""Which models an application finds by importing its package."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

from velocious.record import Record
from velocious.record.registry import ModelRegistry

if TYPE_CHECKING:
    import pytest


def test_a_model_of_an_application_that_is_no_longer_loaded_is_not_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = "shelf.models.book"
    monkeypatch.setitem(sys.modules, name, ModuleType(name))
    kept = type("ShelfBook", (Record,), {"__module__": name})
    registry = ModelRegistry()
    registry.add_imported("shelf")
    assert registry.names() == {"ShelfBook": kept}
    monkeypatch.delitem(sys.modules, name)
    later = ModelRegistry()
    later.add_imported("shelf")
    assert later.names() == {}
