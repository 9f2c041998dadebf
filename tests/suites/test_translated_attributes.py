"""Attributes with a value per locale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from velocious.errors import ConfigurationError, RelationshipNotLoadedError, ValidationError
from velocious.record import Record, translates, validates
from velocious.translation import use_locale

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE pages (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, position INTEGER);
CREATE TABLE page_translations (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  page_id INTEGER NOT NULL REFERENCES pages (id), locale VARCHAR(10) NOT NULL, name TEXT,
  summary TEXT, UNIQUE (page_id, locale));
"""


class Page(Record):
    translations = translates("name", "summary", locales=["en", "de", "pt-BR"])
    validations = [validates("name", presence=True)]


model: Any = Page


@pytest.fixture
async def pages(environment: TestEnvironment) -> AsyncIterator[Configuration]:
    async with environment.application(models=[Page], schema=SCHEMA) as configuration:
        yield configuration


async def test_values_are_stored_per_locale(pages: Configuration) -> None:
    page = await model.create(name="Hello", name_de="Hallo", position=1)
    assert (page.name, page.name_en, page.name_de, page.name_pt_br) == (
        "Hello",
        "Hello",
        "Hallo",
        None,
    )
    rows = await pages.database().fetch("SELECT locale, name FROM page_translations ORDER BY id")
    assert rows == [("en", "Hello"), ("de", "Hallo")]
    found = await model.preload("translations").first()
    with use_locale("de"):
        assert found.name == "Hallo"
        found.name = "Guten Tag"
    assert found.name == "Hello"
    await found.save()
    assert (await model.preload("translations").first()).name_de == "Guten Tag"


async def test_a_missing_or_blank_value_falls_back(pages: Configuration) -> None:
    page = await model.create(name="Hello", name_de=" ")
    with use_locale("de-AT"):
        assert page.name == "Hello"
    pages.locale_fallbacks = {"de": ("pt-BR",)}
    page.name_pt_br = "Olá"
    with use_locale("de"):
        assert page.name == "Olá"
        assert page.has_name()
        assert page.summary is None
        assert not page.has_summary()


async def test_translations_have_to_be_loaded(pages: Configuration) -> None:
    await model.create(name="Hello")
    page = await model.first()
    with pytest.raises(RelationshipNotLoadedError, match=r'preload\("translations"\)'):
        _ = page.name
    with pytest.raises(RelationshipNotLoadedError):
        page.name = "x"
    await page.load("translations")
    assert page.name == "Hello"


async def test_translations_are_validated_with_their_owner(pages: Configuration) -> None:
    with pytest.raises(ValidationError, match="Name can't be blank"):
        await model.create(summary="x")
    assert await model.count() == 0
    rows = await pages.database().fetch("SELECT COUNT(*) FROM page_translations")
    assert rows == [(0,)]


async def test_translations_can_be_queried_and_go_with_their_owner(pages: Configuration) -> None:
    page = await model.create(name="Hello")
    assert await model.where(translations={"name": "Hello", "locale": "en"}).ids() == [page.id]
    await page.destroy()
    rows = await pages.database().fetch("SELECT COUNT(*) FROM page_translations")
    assert rows == [(0,)]


def test_a_wrong_declaration_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="needs attributes"):
        translates()
    with pytest.raises(ConfigurationError, match="makes 'save'"):

        class Wrong(Record):  # pyright: ignore[reportUnusedClass]
            translations = translates("save")
