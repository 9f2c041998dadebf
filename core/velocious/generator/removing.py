"""Takes back what a generator wrote.

Law: a file that somebody has worked on is kept unless ``--force`` says otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import CommandError, suggestion
from velocious.generator.column import parse_columns
from velocious.generator.migration import FOLDER, existing_migration, migration_text
from velocious.generator.model import migration_of, model_path, model_test_path, model_text
from velocious.generator.model_test import model_test_text
from velocious.generator.steps import create_table, steps_for
from velocious.generator.writing import difference
from velocious.naming import tableize, underscore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.configuration import Configuration
    from velocious.files import Files
    from velocious.generator.writing import GeneratedFiles

_AGAIN = (
    "Give the command the same columns as the generator, or --force to remove it with all that was "
    "changed in it."
)


def remove_migration(
    configuration: Configuration, written: GeneratedFiles, class_name: str, words: Sequence[str]
) -> None:
    """Remove the migration *class_name*, which was generated with *words*.

    Raises:
        CommandError: there is none, or it was changed.
    """
    path = _migration(configuration.files, class_name)
    text = None if written.force else migration_text(class_name, steps_for(class_name, words))
    written.remove(path, text, _AGAIN)


def remove_model(
    configuration: Configuration, written: GeneratedFiles, class_name: str, words: tuple[str, ...]
) -> None:
    """Remove the model *class_name* with its migration and test, all or nothing.

    Raises:
        CommandError: there is none, or one of the files was changed.
    """
    files, columns = configuration.files, parse_columns(words)
    migration = existing_migration(files, underscore(migration_of(class_name)))
    steps = create_table(tableize(class_name), columns)
    wanted = {
        model_path(class_name): model_text(class_name, columns),
        model_test_path(class_name): model_test_text(class_name, columns),
    }
    if migration is not None:
        wanted[migration] = migration_text(migration_of(class_name), steps)
    there = {path: text for path, text in wanted.items() if files.exists(path)}
    if not there:
        known = [name.removesuffix(".py") for name in files.list("app/models")]
        raise CommandError(
            f"There is no model {class_name}: {model_path(class_name)} does not exist. "
            f"{suggestion(underscore(class_name), known)}"
        )
    changed = [path for path, text in there.items() if files.read_text(path) != text]
    if changed and not written.force:
        shown = "".join(difference(files, path, there[path]) for path in changed)
        raise CommandError(
            f"Nothing was removed: {', '.join(changed)} is not what was generated. {_AGAIN}{shown}"
        )
    for path in there:
        written.remove(path, None, _AGAIN)


def _migration(files: Files, class_name: str) -> str:
    name = underscore(class_name)
    path = existing_migration(files, name)
    if path is None:
        known = [file[15:].removesuffix(".py") for file in files.list(FOLDER)]
        raise CommandError(f"There is no migration {name!r}. {suggestion(name, known)}")
    return path
