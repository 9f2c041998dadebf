"""Columns as a command line has them."""

from __future__ import annotations

import pytest

from velocious.errors import WrongUsageError
from velocious.generator.column import KINDS, parse_columns
from velocious.migration.column_options import KINDS as KINDS_OF_MIGRATIONS


@pytest.mark.parametrize(
    ("word", "kind", "options"),
    [
        ("title", "string", ""),
        ("title:string", "string", ""),
        ("title:string!", "string", ", null=False"),
        ("title!", "string", ", null=False"),
        ("slug:string:unique", "string", ", unique=True"),
        ("slug:string!:20:unique", "string", ", null=False, limit=20, unique=True"),
        ("price:decimal:10:2", "decimal", ", precision=10, scale=2"),
        ("price:decimal:10", "decimal", ", precision=10"),
        ("done:boolean", "boolean", ", null=False, default=False"),
        ("project:references", "references", ", foreign_key=True, null=False"),
        ("position:integer:index", "integer", ", index=True"),
    ],
)
def test_a_word_becomes_a_column(word: str, kind: str, options: str) -> None:
    [column] = parse_columns((word,))
    assert (column.kind, column.options) == (kind, options)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("title:strin", "Did you mean 'string'"),
        ("Title:string", "small letters"),
        ("class:string", "no word of Python's own"),
        ("two words", "small letters"),
        ("id:integer", "'id' is made anyway"),
        ("created_at:datetime", "made anyway"),
        ("title:string:unque", "cannot be read"),
        ("age:integer:3", "integer takes none"),
        ("price:decimal:1:2:3", "decimal takes 2"),
        ("", "cannot be read"),
        (":string", "cannot be read"),
    ],
)
def test_a_word_that_makes_no_sense_is_explained(word: str, said: str) -> None:
    with pytest.raises(WrongUsageError) as raised:
        parse_columns((word,))
    assert said in str(raised.value)


def test_a_column_may_come_only_once() -> None:
    with pytest.raises(WrongUsageError, match="'title' is given twice"):
        parse_columns(("title:string", "title:text"))


def test_every_type_of_migrations_can_be_generated() -> None:
    assert set(KINDS) == set(KINDS_OF_MIGRATIONS)
