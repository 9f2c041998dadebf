"""Columns as a command line has them: ``title:string!``, ``price:decimal:10:2:index``,
``state:enum:open:done``, ``subject:references{polymorphic}``.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass

from velocious.errors import WrongUsageError, suggestion

KINDS = (
    "string text integer bigint float decimal boolean date time datetime json jsonb binary uuid"
).split()
#: What is no type of a column, but becomes one or two of them.
MORE_KINDS = ("references", "enum")
EXAMPLE = "title:string! price:decimal:10:2 slug:string:unique project:references state:enum:a:b"
FLAGS = ("polymorphic", "optional")
_FORM = re.compile(
    r"(?P<name>[^:!{}]+)(:(?P<kind>[a-z]+))?(\{(?P<flags>[^{}]*)\})?(?P<required>!)?"
    r"(?P<values>(:[a-z0-9_]+)*)"
)
_MADE_FOR_YOU = ("id", "created_at", "updated_at")
_INDEXES = ("index", "unique")
_ALIASES = {"belongs_to": "references", "int": "integer", "bool": "boolean", "str": "string"}


@dataclass(frozen=True, slots=True)
class GeneratedColumn:
    """A column, with the kind ``references`` a key that points at another table, or with the kind
    ``enum`` one of a few texts.
    """

    name: str
    kind: str
    required: bool = False
    numbers: tuple[int, ...] = ()
    index: str | None = None
    flags: tuple[str, ...] = ()
    values: tuple[str, ...] = ()

    @property
    def polymorphic(self) -> bool:
        """Whether it points at rows of several tables."""
        return "polymorphic" in self.flags

    @property
    def stored_kind(self) -> str:
        """The kind that migrations know it as."""
        return "string" if self.kind == "enum" else self.kind

    @property
    def options(self) -> str:
        """The keywords of its line in a migration, each with a comma before it."""
        options: list[str] = []
        if self.kind == "references":
            options.append("polymorphic=True" if self.polymorphic else "foreign_key=True")
            if "optional" not in self.flags:
                options.append("null=False")
        elif self.required or self.kind in ("boolean", "enum"):
            options.append("null=False")
        if self.kind == "boolean":
            options.append("default=False")
        if self.kind == "enum":
            options.append(f'default="{self.values[0]}"')
        options += self._sizes()
        if self.index and not (self.kind == "references" and self.index == "index"):
            # A reference has an index anyway.
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
    kind = _ALIASES.get(kind, kind)
    if kind not in (*KINDS, *MORE_KINDS):
        raise WrongUsageError(
            f"The column {word!r} has the type {kind!r}, which does not exist. "
            f"{suggestion(kind, [*KINDS, *MORE_KINDS])}"
        )
    _check_name(found["name"], word)
    flags = _flags(found["flags"], kind, word)
    values = [value for value in found["values"].split(":") if value]
    index = values.pop() if values and values[-1] in _INDEXES else None
    if kind == "enum":
        _check_enum(values, word)
        return GeneratedColumn(found["name"], kind, index=index, values=tuple(values))
    if not all(value.isdecimal() for value in values):
        raise WrongUsageError(f"The column {word!r} cannot be read. Write for example: {EXAMPLE}")
    numbers = tuple(int(value) for value in values)
    _check_sizes(kind, numbers, word)
    return GeneratedColumn(found["name"], kind, bool(found["required"]), numbers, index, flags)


def _flags(text: str | None, kind: str, word: str) -> tuple[str, ...]:
    if text is None:
        return ()
    flags = tuple(flag.strip() for flag in text.split(","))
    if kind != "references":
        raise WrongUsageError(
            f"The column {word!r} has {{{text}}}, which only references take: "
            "subject:references{polymorphic} or owner:references{optional}."
        )
    for flag in flags:
        if flag not in FLAGS:
            raise WrongUsageError(
                f"The column {word!r} is to be {flag!r}. {suggestion(flag, FLAGS)}"
            )
    return flags


def _check_enum(values: list[str], word: str) -> None:
    if not values or len(set(values)) != len(values) or any(one[0].isdigit() for one in values):
        raise WrongUsageError(
            f"The column {word!r} needs names, each once, that it may be. Write for example: "
            "state:enum:open:done"
        )


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
