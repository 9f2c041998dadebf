"""The names that a program may rely on."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path
from types import ModuleType

import pytest

import velocious
import velocious.authorization
import velocious.frontend_model
import velocious.resource
from velocious import errors, view
from velocious.view.helper_table import HELPERS

TOP_LEVEL = {
    "Configuration",
    "ConfigurationError",
    "Current",
    "DatabaseError",
    "Query",
    "QueryError",
    "Record",
    "RecordNotFoundError",
    "ValidationError",
    "VelociousError",
    "__version__",
    "raw",
}


FRONTEND_MODEL = {"Backend", "FrontendModel", "call"}
AUTHORIZATION = {"Ability", "BaseResource", "CRUD"}


def public_names(module: ModuleType) -> set[str]:
    """What a module offers: no private names, no submodules, nothing for annotations only."""
    return {
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and not isinstance(value, ModuleType) and name != "annotations"
    }


def test_the_top_level_exports_these_names_and_no_others() -> None:
    assert public_names(velocious) | {"__version__"} == TOP_LEVEL


def test_resource_exports_these_names_and_no_others() -> None:
    # The module `command` gave its name to the decorator in it.
    assert public_names(velocious.resource) == {"Resource", "command"}


def test_authorization_exports_these_names_and_no_others() -> None:
    assert public_names(velocious.authorization) == AUTHORIZATION


def test_frontend_models_export_these_names_and_no_others() -> None:
    assert public_names(velocious.frontend_model) == FRONTEND_MODEL


@pytest.mark.parametrize("package", ["controller", "realtime", "view"])
def test_what_a_package_imports_late_is_where_it_says(package: str) -> None:
    module = importlib.import_module(f"velocious.{package}")
    tree = ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))
    exported = [
        alias.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname is not None
    ]
    assert len(exported) > 10
    assert [name for name in exported if not callable(getattr(module, name))] == []


def test_python_has_every_helper_that_templates_have() -> None:
    assert [name for name in HELPERS if not callable(getattr(view, name))] == []


def test_every_error_derives_from_one_root_and_has_a_code_of_its_own() -> None:
    classes = [value for value in vars(errors).values() if isinstance(value, type)]
    own = [error for error in classes if error.__module__ == errors.__name__]
    assert all(issubclass(error, errors.VelociousError) for error in own)
    codes = [error.code for error in own if issubclass(error, errors.VelociousError)]
    assert len(set(codes)) == len(codes)


def test_the_tree_in_the_docstring_names_every_error() -> None:
    assert errors.__doc__ is not None
    classes = [value for value in vars(errors).values() if isinstance(value, type)]
    own = [error.__name__ for error in classes if error.__module__ == errors.__name__]
    words = set(errors.__doc__.split())
    assert [name for name in own if name not in words] == []


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("velocious_node", "NodeEnvironmentHandler"),
        ("velocious_browser", "BrowserEnvironmentHandler"),
    ],
)
def test_each_environment_exports_its_handler(package: str, name: str) -> None:
    assert name in public_names(__import__(package))
