"""Columns as a command line has them: ``title:string!``, ``price:decimal:10:2:index``."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass

from velocious.errors import WrongUsageError, suggestion

KINDS = (
    "string text integer bigint float decimal boolean date time datetime json jsonb binary uuid"
).split()
EXAMPLE = "title:string! body:text price:decimal:10:2 slug:string:unique project:references"
_FORM = re.compile(
    r"(?P<name>[^:!]+)(:(?P<kind>[a-z]+))?(?P<required>!)?(?P<numbers>(:\d+)*)"
    r"(:(?P<index>index|unique))?"
)
_MADE_FOR_YOU = ("id", "created_at", "updated_at")


@dataclass(frozen=True, slots=True)
class GeneratedColumn:
    """A column, or with the kind ``references`` a key that points at another table."""

    name: str
    kind: str
    required: bool = False
    numbers: tuple[int, ...] = ()
    index: str | None = None

    @property
    def options(self) -> str:
        """The keywords of its line in a migration, each with a comma before it."""
        options: list[str] = []
        if self.kind == "references":
            options += ["foreign_key=True", "null=False"]
        elif self.required or self.kind == "boolean":
            options.append("null=False")
        if self.kind == "boolean":
            options.append("default=False")
        options += self._sizes()
        if self.index and self.kind != "references":
            options.append(f"{self.index}=True")
        return "".join(f", {option}" for option in options)

    def _sizes(self) -> list[str]:
        names = ("precision", "scale") if self.kind == "decimal" else ("limit",)
        return [f"{name}={number}" for name, number in zip(names, self.numbers, strict=False)]


def parse_columns(words: tuple[str, ...]) -> list[GeneratedColumn]:
    """The columns that *words* describe. Raises WrongUsageError, naming the word."""
    columns = [_parse(word) for word in words]
    names = [column.name for column in columns]
    for name in names:
        if names.count(name) > 1:
            raise WrongUsageError(f"The column {name!r} is given twice. Leave one out.")
    return columns


def _parse(word: str) -> GeneratedColumn:
    found = _FORM.fullmatch(word)
    if found is None:
        raise WrongUsageError(f"The column {word!r} cannot be read. Write for example: {EXAMPLE}")
    kind = found["kind"] or "string"
    if kind not in (*KINDS, "references"):
        raise WrongUsageError(
            f"The column {word!r} has the type {kind!r}, which does not exist. "
            f"{suggestion(kind, [*KINDS, 'references'])}"
        )
    numbers = tuple(int(number) for number in found["numbers"].split(":") if number)
    _check_name(found["name"], word)
    _check_sizes(kind, numbers, word)
    return GeneratedColumn(found["name"], kind, bool(found["required"]), numbers, found["index"])


def _check_name(name: str, word: str) -> None:
    if not name.isidentifier() or keyword.iskeyword(name) or name != name.lower():
        raise WrongUsageError(
            f"The column {word!r} is called {name!r}, which cannot be an attribute. Use small "
            "letters, digits and _, and no word of Python's own."
        )
    if name in _MADE_FOR_YOU:
        raise WrongUsageError(
            f"The column {name!r} is made anyway: every table gets "
            f"{', '.join(_MADE_FOR_YOU)}. Leave it out."
        )


def _check_sizes(kind: str, numbers: tuple[int, ...], word: str) -> None:
    most = {"decimal": 2, "string": 1, "binary": 1}.get(kind, 0)
    if len(numbers) > most:
        raise WrongUsageError(
            f"The column {word!r} has {len(numbers)} numbers, but {kind} takes {most or 'none'}. "
            f"Write for example: {EXAMPLE}"
        )
