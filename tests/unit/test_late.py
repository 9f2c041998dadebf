"""Names that are imported when somebody asks for them."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pytest

import velocious.migration
import velocious.record


@pytest.mark.parametrize(
    ("package", "name"),
    [("velocious.record", "SoftDelete"), ("velocious.migration", "Migrator")],
)
def test_a_late_name_is_found_and_kept(package: str, name: str) -> None:
    module = import_module(package)
    assert getattr(module, name).__name__ == name
    assert vars(module)[name] is getattr(module, name)


@pytest.mark.parametrize("package", [velocious.record, velocious.migration])
def test_no_exported_function_is_hidden_by_a_submodule(package: object) -> None:
    module = import_module(getattr(package, "__name__", ""))
    for submodule in iter_modules(module.__path__):
        import_module(f"{module.__name__}.{submodule.name}")
    assert callable(velocious.record.state_machine)
    assert callable(velocious.record.enum)
    assert callable(velocious.migration.is_current)


def test_a_name_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(AttributeError, match="module 'velocious.record' has no attribute 'Recrd'"):
        getattr(velocious.record, "Recrd")  # noqa: B009
    with pytest.raises(ImportError):
        exec("from velocious.migration import Migratr")
