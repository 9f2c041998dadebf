"""Writes a resource, in which the rules of a model stand, and its test."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from velocious.errors import CommandError, WrongUsageError
from velocious.generator.model import model_path
from velocious.generator.template import rendered
from velocious.naming import camelize, humanize, pluralize, underscore

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.generator.writing import GeneratedFiles

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def resource_model(given: str) -> str:
    """The model of the resource *given* (``"task_resource"`` → ``"Task"``).

    Raises:
        WrongUsageError: it cannot be the name of a model.
    """
    name = underscore(given.replace("-", "_")).removesuffix("_resource")
    if not _NAME.fullmatch(name):
        raise WrongUsageError(
            f"{given!r} cannot name a model. Write for example: `g:resource Task`."
        )
    return camelize(name)


def write_resource(configuration: Configuration, written: GeneratedFiles, model: str) -> None:
    """Write the resource of *model*. Raises CommandError where there is no such model."""
    path = model_path(model)
    if not configuration.files.exists(path):
        raise CommandError(
            f"There is no model {model}: {path} is missing. Make it first: `velocious g:model "
            f"{model} name:string`."
        )
    for path, text in resource_files(model).items():
        written.write(path, text)


def resource_files(model: str) -> dict[str, str]:
    """Path → text."""
    name = underscore(model)
    values = {"plural": pluralize(humanize(model).lower()), "model": model, "name": name}
    return {
        f"app/resources/{name}_resource.py": rendered("resource/resource.py", values),
        f"tests/resources/test_{name}_resource.py": rendered("resource/test.py", values),
    }
